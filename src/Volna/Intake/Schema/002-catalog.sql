-- Goods, stores and customers. Numbers are ours, dense from 1 in the order of first appearance; keys are the retailer's.
-- A row may be made by a receipt that names an unknown key; the reference files fill it in later.

create table category (
  number integer primary key,
  path text not null unique,
  parent integer not null
);

create table product (
  number integer primary key,
  key text not null unique,
  name text not null,
  category integer not null default 0,
  brand text not null default '',
  supplier text not null default '',
  price_minor integer,                        -- regular shelf price from a product or price file
  seen_price_minor integer,                   -- latest unit price before discounts on a receipt, where no file gives a price
  seen_minute integer,                        -- when that was, see Clock
  cost_minor integer,
  floor integer not null default 0,           -- FloorPolicy
  floor_price_minor integer,
  tags text not null default ''               -- lower case, separated by spaces
);

create table store (
  number integer primary key,
  key text not null unique,
  name text not null default '',
  city text not null default '',
  time_zone text not null default ''
);

create table customer (
  number integer primary key,
  key text not null unique,
  key_hash integer not null,                  -- XXH64 of the key, seed 0
  first_name text not null default '',
  last_name text not null default '',
  email text not null default '',
  phone text not null default '',
  gender integer not null default 0,          -- Gender
  birth_date text,
  home_store integer not null default 0,
  consents integer not null default 5,        -- Channels: app and printed receipt are answers to her own visit; a letter needs her consent
  language integer                            -- Language, null where she gave none
);
