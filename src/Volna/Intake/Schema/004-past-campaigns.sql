-- Campaigns that other systems ran before: who was in them, which coupons they had, what was redeemed.

create table past_campaign (
  key text not null primary key,
  type text not null,
  start_day text not null,
  end_day text not null
);

create table past_campaign_customer (
  campaign text not null,
  customer integer not null,
  primary key (campaign, customer)
);

create table past_coupon (
  coupon text not null,
  campaign text not null,
  product integer not null,
  primary key (coupon, campaign, product)
);

create table past_redemption (
  customer integer not null,
  coupon text not null,
  campaign text not null,
  day text not null,
  primary key (customer, coupon, campaign, day)
);
