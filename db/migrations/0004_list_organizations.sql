-- Work that the deployment does for each organization in turn needs their ids, and nothing else of them.
GRANT worksynapse_system TO CURRENT_USER;
--> statement-breakpoint
GRANT CREATE ON SCHEMA public TO worksynapse_system;
--> statement-breakpoint
GRANT SELECT (id) ON organizations TO worksynapse_system;
--> statement-breakpoint
CREATE POLICY system_list ON organizations FOR SELECT TO worksynapse_system USING (true);
--> statement-breakpoint
-- Ids in their order, those after one of them.
CREATE FUNCTION list_organizations(after uuid, max_rows integer)
RETURNS TABLE (id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT o.id FROM organizations o WHERE after IS NULL OR o.id > after ORDER BY o.id LIMIT max_rows
$$;
--> statement-breakpoint
ALTER FUNCTION list_organizations(uuid, integer) OWNER TO worksynapse_system;
--> statement-breakpoint
REVOKE ALL ON FUNCTION list_organizations(uuid, integer) FROM PUBLIC;
--> statement-breakpoint
REVOKE CREATE ON SCHEMA public FROM worksynapse_system;
