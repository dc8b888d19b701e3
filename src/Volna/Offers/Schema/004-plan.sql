-- Every plan that was used or handed in, by the digest of its text. When and by whom are of the last time that it was handed in.
create table plan
(
    digest  text primary key,
    name    text not null,
    text    text not null,
    kept_at text not null,
    kept_by text not null
) without rowid;

create index plan_by_name on plan (name, kept_at);
