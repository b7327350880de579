-- Takes up to max_rows entries that are due and that no other dispatcher holds: of each organization the same share, so
-- that none waits for all that another has. They come back if the transaction rolls back.
CREATE OR REPLACE FUNCTION claim_dispatch(max_rows integer)
RETURNS TABLE (org_id uuid, kind text, source_id uuid, attempts integer)
LANGUAGE sql SECURITY DEFINER SET search_path = public AS $$
  -- From one organization to the next through the index: the cost follows their number, not that of their entries.
  WITH RECURSIVE found AS (
    (SELECT q.org_id FROM dispatch_queue q ORDER BY q.org_id LIMIT 1)
    UNION ALL
    SELECT (SELECT q.org_id FROM dispatch_queue q WHERE q.org_id > found.org_id ORDER BY q.org_id LIMIT 1)
    FROM found WHERE found.org_id IS NOT NULL),
  waiting AS MATERIALIZED (
    SELECT found.org_id, first.available_at FROM found CROSS JOIN LATERAL (
      SELECT q.available_at FROM dispatch_queue q
      WHERE q.org_id = found.org_id AND q.available_at <= now() ORDER BY q.available_at LIMIT 1) AS first
    ORDER BY first.available_at LIMIT max_rows),
  -- Materialized: as plain subqueries they may be run once for each row of the queue, and take more rows than they say.
  due AS MATERIALIZED (
    SELECT own.sequence FROM waiting CROSS JOIN LATERAL (
      SELECT q.sequence FROM dispatch_queue q
      WHERE q.org_id = waiting.org_id AND q.available_at <= now()
      ORDER BY q.available_at, q.sequence
      LIMIT greatest(1, least(100, max_rows / (SELECT count(*) FROM waiting)))
      FOR UPDATE SKIP LOCKED) AS own
    LIMIT max_rows),
  taken AS (
    DELETE FROM dispatch_queue q USING due WHERE q.sequence = due.sequence
    RETURNING q.org_id, q.kind, q.source_id, q.attempts, q.available_at, q.sequence)
  SELECT taken.org_id, taken.kind, taken.source_id, taken.attempts FROM taken
  ORDER BY taken.available_at, taken.sequence
$$;
