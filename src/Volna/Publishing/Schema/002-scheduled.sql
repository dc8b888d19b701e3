-- Plans whose waves the server makes by itself: from when on their times count.
create table schedule
(
    plan  text primary key,
    since text not null
) without rowid;

-- What became of each wave that was due. The key is what makes each wave exactly once.
create table scheduled_wave
(
    plan    text    not null,
    day     text    not null,
    state   integer not null,
    wave    text    not null,
    at      text    not null,
    note_en text    not null,
    note_ru text    not null,
    primary key (plan, day)
) without rowid;
