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
-- Takes up to max_rows entries that are due and that no other dispatcher holds; they come back if the transaction rolls back.
CREATE FUNCTION claim_dispatch(max_rows integer)
RETURNS TABLE (org_id uuid, kind text, source_id uuid, attempts integer)
LANGUAGE sql SECURITY DEFINER SET search_path = public AS $$
  -- Materialized: as a plain subquery it may be run once for each row of the queue, and take more rows than it says.
  WITH due AS MATERIALIZED (
    SELECT d.sequence FROM dispatch_queue d
    WHERE d.available_at <= now()
    ORDER BY d.available_at, d.sequence
    LIMIT max_rows FOR UPDATE SKIP LOCKED)
  DELETE FROM dispatch_queue q USING due WHERE q.sequence = due.sequence
  RETURNING q.org_id, q.kind, q.source_id, q.attempts
$$;
--> statement-breakpoint
ALTER FUNCTION claim_dispatch(integer) OWNER TO worksynapse_system;
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
REVOKE ALL ON FUNCTION claim_dispatch(integer), find_log_in(citext), list_organizations(uuid, integer) FROM PUBLIC;
--> statement-breakpoint
REVOKE CREATE ON SCHEMA public FROM worksynapse_system;
