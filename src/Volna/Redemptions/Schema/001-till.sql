-- What tills closed, which offers that spent, and the money it moved.

create table till_receipt (
  id text primary key,                        -- chosen by the till
  content text not null,                      -- SHA-256 of what the till sent, so that a repeat is told from another receipt under the same id
  answer text not null,                       -- JSON, exactly as first answered
  closed_at text not null
);

-- The primary key is the rule that an offer is spent once.
create table redemption (
  wave text not null,
  customer integer not null,
  offer_index integer not null,
  receipt text not null references till_receipt (id),
  line text not null,
  store text not null,
  day text not null,
  quantity_thousandths bigint not null,
  paid_minor bigint not null,
  discount_minor bigint not null check (discount_minor > 0),
  primary key (wave, customer, offer_index)
);

-- Double entry: each transfer takes an amount from one account and gives it to another; the accounts keep the sums of both sides.
create table money_account (
  name text primary key,                      -- discount:WAVE is what customers got, wave:WAVE is who pays
  debits_minor bigint not null,
  credits_minor bigint not null
);

create table money_transfer (
  wave text not null,
  customer integer not null,
  offer_index integer not null,
  debit text not null references money_account (name),
  credit text not null references money_account (name),
  amount_minor bigint not null check (amount_minor > 0),
  primary key (wave, customer, offer_index)
);
