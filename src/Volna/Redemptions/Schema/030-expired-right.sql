-- Rights that came back after their offers' time, and weren't used since.

create table till_expired (
  wave text not null,
  customer integer not null,
  offer_index integer not null,
  primary key (wave, customer, offer_index)
) without rowid;
