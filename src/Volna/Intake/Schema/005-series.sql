-- Values by day that may drive demand: weather, events. An empty city stands for all cities without values of their own.

create table series_value (
  series text not null,
  city text not null,
  day text not null,
  value_thousandths integer not null,
  primary key (series, city, day)
);
