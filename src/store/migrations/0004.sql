-- An act's decisions, and what takes a decision back, are found without reading the whole outbox.
create index outbox_batch on outbox (batch);
create index outbox_undoes on outbox (undoes) where undoes is not null;
-- What is open on all sites together, in its order.
create index outbox_unsettled on outbox (id) where delivery not in ('delivered', 'withdrawn');
-- Requests that nobody answered are few.
create index outbox_left on outbox (site, since) where left_home > 0;
-- A request of that decision may still be carried out beside this one.
alter table outbox add column beside integer references outbox;
create index outbox_beside on outbox (beside) where beside is not null;
-- Whatever is erased is looked for where it may be named: what names it must be found likewise.
create index outbox_after on outbox (after) where after is not null;
create index outbox_seen on outbox (seen);
create index acts_of on acts (of_act) where of_act is not null;
create index parkings_comment on parkings (comment);
create index comments_article on comments (article) where article is not null;
