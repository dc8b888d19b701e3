-- Waves and their life. What a wave offers lies in its pack, a file that never changes; here stands only what happens to it.

create table wave (
  id text primary key,
  status integer not null,                    -- WaveStatus
  valid_from text not null,                   -- first day
  valid_until text not null,                  -- the day after the last
  seed integer not null,                      -- the 64 bits of an unsigned number
  plan text not null,
  snapshot_id text,
  model_version text,
  earlier text not null,                      -- JSON: ids of the waves whose offers this one doesn't repeat
  digest text,
  statistics text,                            -- JSON: WaveStatistics
  created_by text not null,
  approved_by text,
  created_at text not null
);

create table wave_event (
  number integer primary key,
  wave_id text not null references wave (id),
  from_status integer,                        -- null when it was made
  to_status integer not null,
  by_name text not null,
  at text not null,
  note text not null
);

create index wave_event_wave on wave_event (wave_id, number);
