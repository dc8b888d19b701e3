-- Who may call. A key itself is shown once and never stored; keys are revoked, not deleted.

create table access_key (
  id text primary key,                        -- the first 8 digits of the hash, for people
  hash text not null unique,                  -- SHA-256 of the key, hexadecimal
  name text not null,
  uses integer not null,                      -- AccessUses, as flags
  stores text not null,                       -- JSON array of store keys; empty for all stores
  calls_per_second integer not null,
  created_at text not null,
  expires_at text                             -- null for never; set to the moment of a revocation
);
