-- The tills' journal (till.db, or PostgreSQL) holds what happened; these tables are derived from it and can be made again.

drop table money_transfer;
drop table till_receipt;

create table redemption_2 (
  wave text not null,
  customer integer not null,
  offer_index integer not null,
  receipt text not null,
  line text not null,                         -- empty where the offer is on the whole basket
  store text not null,
  day text not null,
  quantity_thousandths bigint not null,       -- what is left after returns, as the amounts
  paid_minor bigint not null,
  discount_minor bigint not null check (discount_minor >= 0),
  points_minor bigint not null default 0,
  target bigint not null default 0,           -- kind and number of the target
  payer text not null default '',             -- supplier, or empty for the retailer
  primary key (wave, customer, offer_index)
) without rowid;

insert into redemption_2 (wave, customer, offer_index, receipt, line, store, day, quantity_thousandths, paid_minor, discount_minor)
select wave, customer, offer_index, receipt, line, store, day, quantity_thousandths, paid_minor, discount_minor from redemption;
drop table redemption;
alter table redemption_2 rename to redemption;

-- Where in the journal to look for a receipt or an Idempotency-Key: the latest place of a hash is the one that counts.
create table till_place (
  hash integer not null,                      -- XXH64
  batch integer not null,
  at integer not null,
  primary key (hash, batch, at)
) without rowid;

-- Rights reserved by receipts that aren't closed yet.
create table till_reservation (
  receipt text primary key,
  batch integer not null,
  at integer not null
) without rowid;

-- Up to which batch of the journal these tables go.
create table till_applied (batch integer not null);
insert into till_applied (batch) values (0);
