-- What went out with a wave.

create table publication (
  wave text primary key,
  published_at text not null,                 -- the first time; letters carry it as their date, also where they are written again
  written_at text                             -- when the outbox was complete; null until then
);

create table publication_channel (
  wave text not null references publication (wave),
  channel text not null,                      -- app, email, print
  state text not null,                        -- written, no-consent, no-address
  customers bigint not null,
  primary key (wave, channel, state)
);
