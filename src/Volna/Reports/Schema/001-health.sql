-- What was measured of the retailer's and the waves' health, day by day; bands are learnt from it.
create table health_day (
  figure integer not null,                    -- HealthFigure
  wave text not null,                         -- empty for what concerns no single wave
  day text not null,
  value double precision not null,
  primary key (figure, wave, day)
);

-- What was told to the people and programs that asked for it, once each.
create table notice (
  id text primary key,                        -- derived from what it says, so that the same is told once
  kind text not null,                         -- such as corridor.breached
  at text not null,
  wave text not null,
  subject_en text not null,
  subject_ru text not null,
  body_en text not null,
  body_ru text not null,
  data text not null                          -- JSON
);

create table notice_target (
  address text primary key,                   -- a mail address, or where a webhook is sent to
  secret text                                 -- of a webhook: signs what is sent; null for mail
);

create table notice_delivery (
  notice text not null references notice (id),
  address text not null,
  attempts integer not null default 0,
  next_at text,                               -- null once it is delivered or given up
  delivered_at text,
  failure text not null default '',           -- of the last attempt
  primary key (notice, address)
);
