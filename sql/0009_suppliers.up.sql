-- Answers to searches for suppliers, kept for a moment: Omie refuses the same search within a minute
-- (backoffice.md 20.1).
set local role ponte_owner;

create unlogged table backoffice.supplier_search (
  term       text primary key,
  answer     json,        -- the array as callers get it
  fetched_at timestamptz, -- null: never yet
  holder     uuid,        -- who asks Omie, or did so last
  lease_ate  timestamptz  -- null: nobody is at it
);
call ponte.protect('backoffice.supplier_search', 'backoffice');
