-- What could not be read is the site's own answer, with readers' addresses in it: it stands with what is erased apart.
alter table persons add column source text;
insert into persons (comment, source)
    select id, substr(unreadable, instr(unreadable, char(10)) + 1) from comments where instr(unreadable, char(10)) > 0
    on conflict do update set source = excluded.source;
update comments set unreadable = substr(unreadable, 1, instr(unreadable, char(10)) - 1) where instr(unreadable, char(10)) > 0;

-- Keys under which a decision may have left before it got the one it has, each followed by a blank.
alter table outbox add column old_keys text not null default '';

-- The newest acts that stand, and the newest undo, are found without reading the others.
create index acts_kind on acts (kind, taken_back, id);
-- The newest settled decisions likewise; those made today are found by `outbox_made`.
create index outbox_settled on outbox (id) where delivery in ('delivered', 'withdrawn');
-- Comments whose derived columns an older version computed.
create index comments_underived on comments (derived_version) where revision is not null;
