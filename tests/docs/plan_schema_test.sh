#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The plans of a real project are what docs/plan.schema.json says: every key is declared there and described, none that
# is required is missing, and values are of the declared types and words. GODWIT names the built program.
set -euo pipefail
godwit=$(realpath "${GODWIT:?names the built program}")
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
schema=docs/plan.schema.json
output=$(mktemp -d "${TMPDIR:-/tmp}/godwit-plans.XXXXXX")
trap 'rm -rf "$output"' EXIT

fail() {
  echo "FAIL: $*" >&2
  exit 1
}

# As much of JSON Schema as the file uses; a keyword that is not known here is a mistake too.
cat >"$output/check.jq" <<'JQ'
def is_a($name): if $name == "integer" then type == "number" and . == floor else type == $name end;

def mistakes($schema; $root; $path):
  . as $value
  | ($schema | keys - ["$schema", "$defs", "$ref", "title", "description", "type", "required", "properties",
                       "additionalProperties", "items", "enum", "const", "minimum", "pattern"]
     | .[] | "\($path): the schema's `\(.)` is not checked here"),
    (if $schema["$ref"] then
       mistakes($root | getpath($schema["$ref"] | ltrimstr("#/") | split("/")); $root; $path)
     else empty end),
    (if $schema.type and (is_a($schema.type) | not) then "\($path): not of type \($schema.type)" else
       (if $schema.enum and ($schema.enum | index([$value]) == null) then "\($path): `\($value)` is not in the list"
        else empty end),
       (if $schema | has("const") and .const != $value then "\($path): not \($schema.const)" else empty end),
       (if $schema.minimum and $value < $schema.minimum then "\($path): below \($schema.minimum)" else empty end),
       (if $schema.pattern and ($value | test($schema.pattern) | not) then "\($path): not like \($schema.pattern)"
        else empty end),
       (($schema.required // [])[] | select(. as $key | $value | has($key) | not) | "\($path): `\(.)` is missing"),
       (if $schema.properties then
          $value | to_entries[] | .key as $key
          | if $schema.properties | has($key) then
              .value | mistakes($schema.properties[$key]; $root; "\($path).\($key)")
            else "\($path): `\($key)` is not declared" end
        else empty end),
       (if $schema.items then
          $value | to_entries[] | .key as $at | .value | mistakes($schema.items; $root; "\($path)[\($at)]")
        else empty end)
     end);

mistakes($root[0]; $root[0]; "plan")
JQ

check() { jq -r --slurpfile root "$schema" -f "$output/check.jq" "$1"; }

undescribed=$(jq -r '[paths(objects)] - [paths(objects | select(has("description")))] | .[]
                     | select(length > 1 and .[-2] == "properties") | join(".")' "$schema")
[[ -z $undescribed ]] || fail "$schema does not describe: $undescribed"

"$godwit" -C specs/user-integrations compile --output "$output/plans" >/dev/null
plans=("$output"/plans/*.plan.json)
[[ ${#plans[@]} -eq $(ls specs/user-integrations/specs/*.gw | wc -l) ]] || fail "${#plans[@]} plans"
for plan in "${plans[@]}"; do
  found=$(check "$plan" | sed -n 1,20p)
  [[ -z $found ]] || fail "${plan##*/} is not what $schema says:"$'\n'"$found"
  # Nothing is taken on trust: a plan with something too much, too little or wrong is seen.
  for edit in '.more = 1' 'del(.checksum)' '.steps[0].up[0].work = "slow"' '.steps[0].number = "1"' '.artifacts.up = "x"' \
              'del(.steps[0].spec.line)' '.format = 2'; do
    jq "$edit" "$plan" >"$output/edited.json"
    [[ -n $(check "$output/edited.json") ]] || fail "${plan##*/} with $edit passes"
  done
done
