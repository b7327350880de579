-- Owns the functions that look across organizations. Nobody logs in as it.
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'worksynapse_system') THEN
    CREATE ROLE worksynapse_system NOLOGIN NOSUPERUSER NOBYPASSRLS;
  END IF;
END $$;
--> statement-breakpoint
GRANT worksynapse_system TO CURRENT_USER;
--> statement-breakpoint
GRANT USAGE, CREATE ON SCHEMA public TO worksynapse_system;
--> statement-breakpoint
GRANT SELECT, UPDATE, DELETE ON dispatch_queue TO worksynapse_system;
--> statement-breakpoint
GRANT SELECT (id, email, password_hash) ON users TO worksynapse_system;
--> statement-breakpoint
GRANT SELECT (id) ON organizations TO worksynapse_system;
--> statement-breakpoint
CREATE POLICY system_list ON organizations FOR SELECT TO worksynapse_system USING (true);
--> statement-breakpoint
CREATE POLICY system_claim ON dispatch_queue TO worksynapse_system USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY system_log_in ON users FOR SELECT TO worksynapse_system USING (true);
--> statement-breakpoint
-- Takes up to max_rows entries that are due, of one organization: of the next one after `previous`, in the order of ids,
-- that has some and that no other dispatcher is at work for. So organizations take turns, however much one of them has.
-- The organization's limits stay locked until the end of the transaction (see runtime/limits/lock-limits.ts); the
-- entries come back if it rolls back.
CREATE FUNCTION claim_dispatch(max_rows integer, previous uuid DEFAULT NULL)
RETURNS TABLE (org_id uuid, kind text, source_id uuid, attempts integer)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
  none CONSTANT uuid := '00000000-0000-0000-0000-000000000000';
  org uuid := coalesce(previous, none);
  begins_anew boolean := previous IS NULL;
BEGIN
  LOOP
    -- From one organization to the next through the index: the cost follows their number, not that of their entries.
    SELECT q.org_id INTO org FROM dispatch_queue q WHERE q.org_id > org ORDER BY q.org_id LIMIT 1;
    IF org IS NULL THEN
      IF begins_anew THEN RETURN; END IF;
      begins_anew := true;
      org := none;
      CONTINUE;
    END IF;
    IF EXISTS (SELECT FROM dispatch_queue q WHERE q.org_id = org AND q.available_at <= now())
      AND pg_try_advisory_xact_lock(hashtextextended('limits ' || org, 0)) THEN
      RETURN QUERY
        -- Materialized: as a plain subquery it may be run once for each row of the queue, and take more than it says.
        WITH due AS MATERIALIZED (
          SELECT q.sequence FROM dispatch_queue q
          WHERE q.org_id = org AND q.available_at <= now()
          ORDER BY q.available_at, q.sequence
          LIMIT max_rows FOR UPDATE SKIP LOCKED),
        taken AS (
          DELETE FROM dispatch_queue q USING due WHERE q.sequence = due.sequence
          RETURNING q.org_id, q.kind, q.source_id, q.attempts, q.available_at, q.sequence)
        SELECT taken.org_id, taken.kind, taken.source_id, taken.attempts FROM taken
        ORDER BY taken.available_at, taken.sequence;
      IF FOUND THEN RETURN; END IF;
    END IF;
    IF begins_anew AND org = previous THEN RETURN; END IF;
  END LOOP;
END
$$;
--> statement-breakpoint
ALTER FUNCTION claim_dispatch(integer, uuid) OWNER TO worksynapse_system;
--> statement-breakpoint
-- Log-in comes before any organization is known.
CREATE FUNCTION find_log_in(wanted citext)
RETURNS TABLE (user_id uuid, password_hash text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT u.id, u.password_hash FROM users u WHERE u.email = wanted
$$;
--> statement-breakpoint
ALTER FUNCTION find_log_in(citext) OWNER TO worksynapse_system;
--> statement-breakpoint
-- Work that the deployment does for each organization in turn needs their ids, in their order, and nothing else of them.
CREATE FUNCTION list_organizations(after uuid, max_rows integer)
RETURNS TABLE (id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT o.id FROM organizations o WHERE after IS NULL OR o.id > after ORDER BY o.id LIMIT max_rows
$$;
--> statement-breakpoint
ALTER FUNCTION list_organizations(uuid, integer) OWNER TO worksynapse_system;
--> statement-breakpoint
REVOKE ALL ON FUNCTION claim_dispatch(integer, uuid), find_log_in(citext), list_organizations(uuid, integer) FROM PUBLIC;
--> statement-breakpoint
REVOKE CREATE ON SCHEMA public FROM worksynapse_system;
--> statement-breakpoint
-- Whoever has the code of an invite does not know yet whose it is.
GRANT SELECT (org_id, id, kind, secret_hash) ON invites TO worksynapse_system;
--> statement-breakpoint
CREATE POLICY system_find ON invites FOR SELECT TO worksynapse_system USING (true);
--> statement-breakpoint
CREATE FUNCTION find_invite(hashes text[])
RETURNS TABLE (org_id uuid, id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT i.org_id, i.id FROM invites i WHERE i.kind = 'code' AND i.secret_hash = ANY(hashes)
$$;
--> statement-breakpoint
GRANT CREATE ON SCHEMA public TO worksynapse_system;
--> statement-breakpoint
ALTER FUNCTION find_invite(text[]) OWNER TO worksynapse_system;
--> statement-breakpoint
REVOKE CREATE ON SCHEMA public FROM worksynapse_system;
--> statement-breakpoint
REVOKE ALL ON FUNCTION find_invite(text[]) FROM PUBLIC;
