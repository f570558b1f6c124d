-- Truth (what sites said) and intent (what moderators want) never share a table.
-- Instants are milliseconds since 1970 in UTC; statuses, verbs and deliveries are words.

create table facts (name text primary key, value blob not null) strict;

create table sites (
    id integer primary key,
    slug text not null unique,
    name text not null,
    backend text not null,
    base text not null,
    account text not null,
    sort text not null,
    hold_secs integer not null,
    unique (base, backend, account)
) strict;

create table cursors (
    site integer not null references sites on delete cascade,
    name text not null,
    value text not null,
    primary key (site, name)
) strict;

create table articles (
    id integer primary key,
    site integer not null references sites on delete cascade,
    native_key text not null,
    title text,
    url text,
    byline text,
    published_at integer,
    published_precision integer,
    modified_at integer,
    modified_precision integer,
    lang text,
    format text,
    body text,
    withheld text,
    fetched_at integer,
    unique (site, native_key)
) strict;

create table comments (
    id integer primary key,
    site integer not null references sites on delete cascade,
    native_id text not null,
    status text not null default 'other',
    created_at integer,
    created_precision integer,
    edited_at integer,
    edited_precision integer,
    revision integer,
    article integer references articles,
    parent text,
    author_key text,
    reports_total integer not null default 0,
    held text,
    permalink text,
    tag text,
    kind text,
    last_by text,
    last_status text,
    last_at integer,
    last_key text,
    unreadable text,
    excerpt text not null default '',
    links integer not null default 0,
    derived_version integer not null default 0,
    parked integer not null default 0,
    first_seen integer not null,
    written_seq integer not null default 0,
    receipt_seq integer not null default 0,
    receipt_at integer,
    gone_at integer,
    decided_at integer,
    unique (site, native_id)
) strict;
create index comments_queue on comments (status, parked, created_at, id);
create index comments_site_queue on comments (site, status, parked, created_at, id);
create index comments_reported on comments (site, created_at, id) where reports_total > 0;
create index comments_author on comments (site, author_key) where author_key is not null;

-- What readers did not mean to publish, apart so that it can be erased apart.
create table persons (
    comment integer primary key references comments on delete cascade,
    email text,
    ip text,
    agent text
) strict;

create table revisions (
    id integer primary key,
    comment integer not null references comments on delete cascade,
    digest blob not null,
    format text not null,
    body text not null,
    name text not null,
    url text,
    first_seen integer not null,
    unique (comment, digest)
) strict;

create table reports (
    comment integer not null references comments on delete cascade,
    n integer not null,
    code text not null,
    text text not null,
    by text,
    at integer,
    primary key (comment, n)
) strict;

create table records (
    site integer not null references sites on delete cascade,
    author_key text not null,
    approved integer,
    pending integer,
    rejected integer,
    spam integer,
    since integer,
    fetched_at integer not null,
    primary key (site, author_key)
) strict;

create virtual table words using fts5 (form, content = '', contentless_delete = 1, tokenize = "unicode61 remove_diacritics 0 categories 'L* N* M* Co'");

create table counts (
    site integer not null references sites on delete cascade,
    status text not null,
    parked integer not null,
    reported integer not null,
    n integer not null,
    primary key (site, status, parked, reported)
) strict;
create trigger comments_counted after insert on comments begin
    insert into counts values (new.site, new.status, new.parked, new.reports_total > 0, 1)
        on conflict do update set n = n + 1;
end;
create trigger comments_recounted after update of status, parked, reports_total on comments begin
    update counts set n = n - 1 where site = old.site and status = old.status and parked = old.parked
        and reported = (old.reports_total > 0);
    insert into counts values (new.site, new.status, new.parked, new.reports_total > 0, 1)
        on conflict do update set n = n + 1;
end;
create trigger comments_uncounted after delete on comments begin
    update counts set n = n - 1 where site = old.site and status = old.status and parked = old.parked
        and reported = (old.reports_total > 0);
end;

-- One act of a moderator: all its decisions are made, and undone, together.
create table acts (
    id integer primary key autoincrement,
    at integer not null,
    kind text not null,
    verb text,
    of_act integer references acts,
    taken_back integer not null default 0
) strict;

-- Which comments an act on the desk alone (park, unpark) touched.
create table parkings (
    act integer not null references acts,
    comment integer not null references comments on delete cascade,
    primary key (act, comment)
) strict;

create table outbox (
    id integer primary key autoincrement,
    batch integer not null references acts,
    site integer not null references sites on delete cascade,
    comment integer not null references comments on delete cascade,
    verb text not null,
    payload text,
    seen integer not null references revisions,
    prior text not null,
    replaced text,
    after integer references outbox,
    undoes integer references outbox,
    moderator text not null,
    made_at integer not null,
    hold_secs integer not null,
    base_tag text,
    key text not null,
    delivery text not null,
    since integer not null,
    tries integer not null default 0,
    -- Requests that may have reached the site without an answer. While above 0 it cannot be withdrawn without its inverse.
    left_home integer not null default 0,
    -- The newest request went unanswered: the comment is looked at before anything is sent.
    unanswered integer not null default 0,
    fault text,
    why text,
    theirs_status text,
    theirs_by text,
    theirs_at integer,
    theirs_revision integer
) strict;
create index outbox_open on outbox (site, id) where delivery not in ('delivered', 'withdrawn');
create index outbox_comment on outbox (comment, id);
create index outbox_made on outbox (made_at);

-- Append-only. A line names its decision and a salted digest of the words seen, never the words: it outlives their erasure.
create table journal (
    id integer primary key autoincrement,
    at integer not null,
    act integer not null,
    site text not null,
    native_id text not null,
    what text not null,
    moderator text not null,
    digest blob,
    chain blob not null
) strict;
