-- Which journal the tables follow: empty for till.db, else the id of the one in PostgreSQL.
alter table till_applied add column journal text not null default '';
