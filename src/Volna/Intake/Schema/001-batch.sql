-- Imported files. A file is known by its content and the way it was read; the same file twice changes nothing.

create table batch (
  number integer primary key,
  digest text not null unique,                -- over the file's bytes, its kind and its mapping
  kind text not null,
  file text not null,                         -- its name without folders
  state integer not null,                     -- BatchState
  rows_read integer not null default 0,       -- the checkpoint: everything up to here is stored or rejected, nothing behind it is
  rows_stored integer not null default 0,
  line integer not null default 0,
  byte_offset integer not null default 0,     -- in the unpacked file
  rejects_bytes integer not null default 0    -- of the rejects file
);

create table batch_reject (
  batch integer not null,
  reason integer not null,                    -- RejectReason
  row_count integer not null,
  primary key (batch, reason)
);

-- Parts of the packed purchase history that are visible: a segment lies in all shard files at once, and counts only if it is listed here.
create table segment (
  number integer primary key,
  batch integer not null,                     -- 0 if it was merged from others
  line_count integer not null,
  first_minute integer not null,              -- see Clock
  last_minute integer not null,
  retired_minute integer                      -- when it was replaced by a merged one; its blocks are deleted some weeks later
);
