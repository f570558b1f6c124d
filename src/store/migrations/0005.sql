-- What moderators write down for themselves about a comment: one note each, kept here and never sent. It goes with its
-- comment.
create table notes (
    comment integer primary key references comments on delete cascade,
    text text not null,
    at integer not null
) strict;

-- What an act wrote in place of what, for its way back; null is no note. It goes with its comment too.
create table notings (
    act integer not null references acts,
    comment integer not null references comments on delete cascade,
    before text,
    before_at integer,
    after text,
    after_at integer,
    primary key (act, comment)
) strict;
create index notings_comment on notings (comment);
