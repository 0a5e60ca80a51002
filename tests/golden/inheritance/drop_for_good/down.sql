-- godwit down 20250102000000_after
-- spec: 20250102000000_after.gw
-- checksum: sha256:fe03df4fa1f19a93c9d4fd495a87cf8451d78a4c40dab1caddfa144cffb1f4ed
-- rollback: impossible
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:b2f070e4e96435f5daaabf95e45e2e3601c33d8679504a0105a449046de70df4

-- [1/1] refuse
do $$ begin
  raise exception 'migration 20250102000000_after cannot be rolled back: it holds an irreversible step'
    using errcode = 'GW003', hint = 'restore a backup, or write a migration that goes forward';
end $$;
