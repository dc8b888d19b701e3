-- Prices, stock and rules from reference files. Days are ISO texts such as 2026-11-26; a period ends before its end_day.
-- Open ends: 0001-01-01 and 9999-12-31.

create table price (
  product integer not null,
  store integer not null,                     -- 0 for all stores
  start_day text not null,                    -- holds from this day until the next one given
  price_minor bigint not null,
  primary key (product, store, start_day)
);

create table stock (
  store integer not null,
  product integer not null,
  quantity_thousandths bigint not null,
  batch integer not null,                     -- the file that gave it: a newer one replaces the store's whole stock
  primary key (store, product)
);

create table mass_promotion (
  key text not null,
  product integer not null,
  store integer not null,                     -- 0 for all stores
  discount_basis_points integer not null,
  start_day text not null,
  end_day text not null,
  primary key (key, product, store)
);

create table exclusion (
  kind integer not null,                      -- TargetKind
  value text not null,                        -- key of a product, path of a category, or name
  start_day text not null,
  end_day text not null,
  reason integer not null,                    -- ExclusionReason
  primary key (kind, value, start_day)
);

create table dislike (
  customer integer not null,
  kind integer not null,                      -- TargetKind
  value text not null,
  reason integer not null,                    -- DislikeReason
  primary key (customer, kind, value)
);
