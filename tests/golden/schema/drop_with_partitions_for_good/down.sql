-- godwit down 20250102000000_after
-- spec: 20250102000000_after.gw
-- checksum: sha256:c666d2d9a92ce52dbb1c6ad35d3b0218ec70ce3cf74ebf39e92ea64b9fd248b7
-- rollback: impossible
-- lock timeout: 3s
-- lock retries: 10
-- content: sha256:b2f070e4e96435f5daaabf95e45e2e3601c33d8679504a0105a449046de70df4

-- [1/1] refuse
do $$ begin
  raise exception 'migration 20250102000000_after cannot be rolled back: it holds an irreversible step'
    using errcode = 'GW003', hint = 'restore a backup, or write a migration that goes forward';
end $$;
