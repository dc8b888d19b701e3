-- What the mailing service reports of letters. Days are ISO texts; minutes are those of the history's Clock.

alter table customer add column consents_day text;   -- when she gave her consents, null where the file doesn't say
alter table customer add column left_day text;       -- when she last unsubscribed from a letter or called one spam
alter table customer add column dead_email text;     -- the address from which a letter last came back for good
alter table customer add column dead_day text;       -- when that was

-- Only a consent of a later day takes back what she said by letter, and only it or another address opens a dead mailbox.
alter table customer add column agreed integer as (case when left_day >= coalesce(consents_day, '') then consents & ~2 else consents end) virtual;
alter table customer add column is_dead integer as (coalesce(email = dead_email collate nocase and dead_day >= coalesce(consents_day, ''), 0)) virtual;

-- Published waves whose letters are reported on.
create table letter_wave (
  number integer primary key,
  wave text not null unique
);

-- A letter of a wave. Whether a person opened or clicked it, its latest opening and click tell, in whatever order the rows come.
create table letter (
  wave integer not null,
  customer integer not null,
  delivered integer,                          -- the earliest minute
  opened integer,                             -- the latest minute
  clicked integer,                            -- the latest minute
  bounced integer not null,
  unsubscribed integer not null,
  complained integer not null,
  primary key (wave, customer)
) without rowid;
