-- Shelves that are read through, whatever is parked on them, and what is reported on all sites together: each in its order.
create index comments_shelf on comments (status, created_at, id);
create index comments_site_shelf on comments (site, status, created_at, id);
create index comments_reported_anywhere on comments (created_at, id) where reports_total > 0;
