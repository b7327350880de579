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
  is_suspended boolean;
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
    -- What a suspended organization has waits, but for mail that tells of it.
    is_suspended := EXISTS (SELECT FROM organizations o WHERE o.id = org AND o.suspended_at IS NOT NULL);
    IF EXISTS (SELECT FROM dispatch_queue q WHERE q.org_id = org AND q.available_at <= now()
        AND (q.kind = 'mail' OR NOT is_suspended))
      AND pg_try_advisory_xact_lock(hashtextextended('limits ' || org, 0)) THEN
      RETURN QUERY
        -- Materialized: as a plain subquery it may be run once for each row of the queue, and take more than it says.
        WITH due AS MATERIALIZED (
          SELECT q.sequence FROM dispatch_queue q
          WHERE q.org_id = org AND q.available_at <= now() AND (q.kind = 'mail' OR NOT is_suspended)
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
GRANT SELECT (org_id, user_id, status) ON members TO worksynapse_system;
--> statement-breakpoint
CREATE POLICY system_end_sessions ON members FOR SELECT TO worksynapse_system USING (true);
--> statement-breakpoint
GRANT SELECT (org_id, id, user_id, revoked_at), UPDATE (revoked_at, revoke_reason) ON sessions TO worksynapse_system;
--> statement-breakpoint
CREATE POLICY system_end_sessions ON sessions TO worksynapse_system USING (true) WITH CHECK (true);
--> statement-breakpoint
-- Who has a new password is out everywhere, but for one session that may go on. Only for the person of the transaction.
CREATE FUNCTION end_sessions(person uuid, reason text, except_id uuid DEFAULT NULL)
RETURNS integer
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public AS $$
  WITH ended AS (
    UPDATE sessions s SET revoked_at = now(), revoke_reason = reason
    FROM members m
    WHERE m.user_id = person AND person = nullif(current_setting('app.user_id', true), '')::uuid
      AND s.org_id = m.org_id AND s.user_id = m.user_id AND s.revoked_at IS NULL
      AND s.id IS DISTINCT FROM except_id
    RETURNING 1)
  SELECT count(*)::integer FROM ended
$$;
--> statement-breakpoint
ALTER FUNCTION end_sessions(uuid, text, uuid) OWNER TO worksynapse_system;
--> statement-breakpoint
REVOKE ALL ON FUNCTION end_sessions(uuid, text, uuid) FROM PUBLIC;
--> statement-breakpoint
-- The audit log is written once. Nobody changes it, not even its owner; only archiving, which runs as worksynapse_system,
-- removes what has been put into a file.
CREATE FUNCTION refuse_audit_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = public AS $$
BEGIN
  IF TG_OP = 'DELETE' AND current_user = 'worksynapse_system' THEN RETURN NULL; END IF;
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END
$$;
--> statement-breakpoint
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
--> statement-breakpoint
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_chain
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
--> statement-breakpoint
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_seals
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
--> statement-breakpoint
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_archives
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
--> statement-breakpoint
CREATE TRIGGER append_only BEFORE DELETE OR TRUNCATE ON audit_details
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
--> statement-breakpoint
-- Details are never changed, but they can be erased, once and for good.
CREATE FUNCTION refuse_details_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = public AS $$
BEGIN
  IF OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL AND NEW.salt IS NULL AND NEW.content IS NULL
    AND (NEW.org_id, NEW.audit_id) = (OLD.org_id, OLD.audit_id) THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'audit_details can only be erased' USING ERRCODE = 'insufficient_privilege';
END
$$;
--> statement-breakpoint
CREATE TRIGGER erased_only BEFORE UPDATE ON audit_details
  FOR EACH ROW EXECUTE FUNCTION refuse_details_change();
--> statement-breakpoint
GRANT SELECT (org_id, id, transaction_id, created_at) ON audit_log TO worksynapse_system;
--> statement-breakpoint
GRANT SELECT (org_id, audit_id) ON audit_chain TO worksynapse_system;
--> statement-breakpoint
CREATE POLICY system_unsealed ON audit_log FOR SELECT TO worksynapse_system USING (true);
--> statement-breakpoint
CREATE POLICY system_unsealed ON audit_chain FOR SELECT TO worksynapse_system USING (true);
--> statement-breakpoint
-- Sealing needs to know which organizations have audit entries without a place in the chain, of this transaction or
-- later ones: their ids, how many entries, and how old the oldest is.
CREATE FUNCTION list_unsealed(since xid8)
RETURNS TABLE (org_id uuid, entries integer, oldest timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT a.org_id, count(*)::integer, min(a.created_at) FROM audit_log a
  WHERE a.transaction_id >= since AND a.transaction_id < pg_snapshot_xmax(pg_current_snapshot())
    AND NOT EXISTS (SELECT FROM audit_chain c WHERE c.org_id = a.org_id AND c.audit_id = a.id)
  GROUP BY a.org_id ORDER BY min(a.transaction_id)
$$;
--> statement-breakpoint
ALTER FUNCTION list_unsealed(xid8) OWNER TO worksynapse_system;
--> statement-breakpoint
GRANT DELETE ON audit_log, audit_details, audit_chain TO worksynapse_system;
--> statement-breakpoint
GRANT SELECT (org_id, position) ON audit_chain TO worksynapse_system;
--> statement-breakpoint
GRANT SELECT (org_id, audit_id) ON audit_details TO worksynapse_system;
--> statement-breakpoint
GRANT SELECT (org_id, last_position, chain_end, sealed_at, horizon) ON audit_seals TO worksynapse_system;
--> statement-breakpoint
GRANT SELECT (org_id, last_position, chain_end) ON audit_archives TO worksynapse_system;
--> statement-breakpoint
CREATE POLICY system_archive ON audit_log FOR DELETE TO worksynapse_system USING (true);
--> statement-breakpoint
CREATE POLICY system_archive ON audit_details TO worksynapse_system USING (true);
--> statement-breakpoint
CREATE POLICY system_archive ON audit_chain FOR DELETE TO worksynapse_system USING (true);
--> statement-breakpoint
CREATE POLICY system_archive ON audit_seals FOR SELECT TO worksynapse_system USING (true);
--> statement-breakpoint
CREATE POLICY system_archive ON audit_archives FOR SELECT TO worksynapse_system USING (true);
--> statement-breakpoint
-- The one way to remove audit entries: those of the current organization that an archive holds, which ends where a seal
-- does that is 30 days old at least. So nobody who has the application's role gets rid of what is recent. Returns how many.
CREATE FUNCTION remove_archived_audit(max_rows integer)
RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
  org CONSTANT uuid := nullif(current_setting('app.org_id', true), '')::uuid;
  through bigint;
  doomed uuid[];
BEGIN
  SELECT max(a.last_position) INTO through FROM audit_archives a
    JOIN audit_seals s ON s.org_id = a.org_id AND s.last_position = a.last_position AND s.chain_end = a.chain_end
    WHERE a.org_id = org AND s.sealed_at < now() - interval '30 days';
  SELECT array_agg(c.audit_id) INTO doomed FROM (
    SELECT audit_id FROM audit_chain WHERE org_id = org AND position <= through ORDER BY position LIMIT max_rows) c;
  IF doomed IS NULL THEN RETURN 0; END IF;
  DELETE FROM audit_details WHERE org_id = org AND audit_id = ANY (doomed);
  DELETE FROM audit_log WHERE org_id = org AND id = ANY (doomed);
  DELETE FROM audit_chain WHERE org_id = org AND audit_id = ANY (doomed);
  RETURN cardinality(doomed);
END
$$;
--> statement-breakpoint
ALTER FUNCTION remove_archived_audit(integer) OWNER TO worksynapse_system;
--> statement-breakpoint
REVOKE ALL ON FUNCTION list_unsealed(xid8), remove_archived_audit(integer) FROM PUBLIC;
--> statement-breakpoint
GRANT SELECT ON sso_connections, organization_domains TO worksynapse_system;
--> statement-breakpoint
GRANT SELECT (provider, subject, user_id) ON user_identities TO worksynapse_system;
--> statement-breakpoint
CREATE POLICY system_discover ON sso_connections FOR SELECT TO worksynapse_system USING (true);
--> statement-breakpoint
CREATE POLICY system_discover ON organization_domains FOR SELECT TO worksynapse_system USING (true);
--> statement-breakpoint
CREATE POLICY system_sign_in ON user_identities FOR SELECT TO worksynapse_system USING (true);
--> statement-breakpoint
-- Which connections sign in the people of a mail domain: asked before any organization is known. Only domains that an
-- organization has proven count, so that nobody can lead others' people to a provider of theirs.
CREATE FUNCTION find_sso_connections(wanted citext)
RETURNS TABLE (org_id uuid, id uuid, name text, kind text, is_enforced boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT c.org_id, c.id, c.name, c.kind, c.is_enforced FROM sso_connections c
  JOIN organization_domains d ON d.org_id = c.org_id AND d.domain = lower(wanted::text) AND d.verified_at IS NOT NULL
  WHERE c.domains @> ARRAY[lower(wanted::text)] AND c.is_active AND c.deleted_at IS NULL
  ORDER BY c.created_at, c.id LIMIT 20
$$;
--> statement-breakpoint
ALTER FUNCTION find_sso_connections(citext) OWNER TO worksynapse_system;
--> statement-breakpoint
-- Whose a provider's subject is: asked before the person is known.
CREATE FUNCTION find_user_identity(wanted_provider text, wanted_subject text)
RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT i.user_id FROM user_identities i WHERE i.provider = wanted_provider AND i.subject = wanted_subject
$$;
--> statement-breakpoint
ALTER FUNCTION find_user_identity(text, text) OWNER TO worksynapse_system;
--> statement-breakpoint
REVOKE ALL ON FUNCTION find_sso_connections(citext), find_user_identity(text, text) FROM PUBLIC;
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
ALTER FUNCTION find_invite(text[]) OWNER TO worksynapse_system;
--> statement-breakpoint
REVOKE ALL ON FUNCTION find_invite(text[]) FROM PUBLIC;
--> statement-breakpoint
GRANT SELECT (id, erase_at), DELETE ON organizations TO worksynapse_system;
--> statement-breakpoint
CREATE POLICY system_erase ON organizations FOR DELETE TO worksynapse_system USING (erase_at <= now());
--> statement-breakpoint
GRANT SELECT, INSERT ON erased_organizations TO worksynapse_system;
--> statement-breakpoint
CREATE POLICY system_bury ON erased_organizations TO worksynapse_system USING (true) WITH CHECK (true);
--> statement-breakpoint
-- Deletes up to max_rows of what an organization has whose days of grace are over: of a table to which nothing refers any
-- more. A table that refers to itself goes at once. Last go the organization's own row, for a tombstone, and nothing is
-- left: 0. What may be deleted is bounded by policies as well (db/isolation.ts).
CREATE FUNCTION erase_rows(target uuid, max_rows integer)
RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
  candidate record;
  referrer record;
  is_there boolean;
  is_held boolean;
  is_waiting boolean := false;
  deleted bigint;
BEGIN
  IF NOT EXISTS (SELECT FROM organizations WHERE id = target AND erase_at <= now()) THEN
    RETURN 0;
  END IF;
  FOR candidate IN
    SELECT c.oid, c.relname, EXISTS (
      SELECT FROM pg_constraint f WHERE f.contype = 'f' AND f.conrelid = c.oid AND f.confrelid = c.oid) AS is_tree
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'org_id' AND NOT a.attisdropped
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' ORDER BY c.relname
  LOOP
    EXECUTE format('SELECT EXISTS (SELECT FROM %I WHERE org_id = $1)', candidate.relname) INTO is_there USING target;
    CONTINUE WHEN NOT is_there;
    is_held := false;
    FOR referrer IN
      SELECT DISTINCT c.relname FROM pg_constraint f JOIN pg_class c ON c.oid = f.conrelid
      WHERE f.contype = 'f' AND f.confrelid = candidate.oid AND f.conrelid <> candidate.oid
    LOOP
      EXECUTE format('SELECT EXISTS (SELECT FROM %I WHERE org_id = $1)', referrer.relname) INTO is_held USING target;
      EXIT WHEN is_held;
    END LOOP;
    is_waiting := true;
    CONTINUE WHEN is_held;
    IF candidate.is_tree THEN
      EXECUTE format('DELETE FROM %I WHERE org_id = $1', candidate.relname) USING target;
    ELSE
      EXECUTE format('DELETE FROM %I WHERE ctid = ANY (ARRAY(SELECT ctid FROM %I WHERE org_id = $1 LIMIT $2))',
        candidate.relname, candidate.relname) USING target, max_rows;
    END IF;
    GET DIAGNOSTICS deleted = ROW_COUNT;
    RETURN deleted;
  END LOOP;
  IF is_waiting THEN
    RAISE EXCEPTION 'Tables refer to each other in a circle';
  END IF;
  -- One that a restored backup has brought back may be erased again.
  INSERT INTO erased_organizations (id) VALUES (target) ON CONFLICT DO NOTHING;
  DELETE FROM organizations WHERE id = target;
  RETURN 0;
END
$$;
--> statement-breakpoint
ALTER FUNCTION erase_rows(uuid, integer) OWNER TO worksynapse_system;
--> statement-breakpoint
REVOKE ALL ON FUNCTION erase_rows(uuid, integer) FROM PUBLIC;
--> statement-breakpoint
GRANT SELECT (org_id, domain, verified_at, join_role_id) ON organization_domains TO worksynapse_system;
--> statement-breakpoint
CREATE POLICY system_join ON organization_domains FOR SELECT TO worksynapse_system USING (true);
--> statement-breakpoint
GRANT SELECT (id, email, email_verified_at) ON users TO worksynapse_system;
--> statement-breakpoint
GRANT SELECT (id, name, slug, erase_at) ON organizations TO worksynapse_system;
--> statement-breakpoint
GRANT SELECT (org_id, id, deleted_at) ON roles TO worksynapse_system;
--> statement-breakpoint
CREATE POLICY system_join ON roles FOR SELECT TO worksynapse_system USING (true);
--> statement-breakpoint
-- The organizations that the person of the transaction may join for the domain of their address, which has to be verified.
CREATE FUNCTION find_joinable()
RETURNS TABLE (org_id uuid, name text, slug text, role_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
  SELECT o.id, o.name, o.slug::text, r.id FROM users u
  JOIN organization_domains d ON d.domain = lower(split_part(u.email::text, '@', 2)) AND d.verified_at IS NOT NULL
  JOIN organizations o ON o.id = d.org_id AND o.erase_at IS NULL
  JOIN roles r ON r.org_id = d.org_id AND r.id = d.join_role_id AND r.deleted_at IS NULL
  WHERE u.id = nullif(current_setting('app.user_id', true), '')::uuid AND u.email_verified_at IS NOT NULL
    AND NOT EXISTS (SELECT FROM members m WHERE m.org_id = o.id AND m.user_id = u.id)
$$;
--> statement-breakpoint
ALTER FUNCTION find_joinable() OWNER TO worksynapse_system;
--> statement-breakpoint
REVOKE ALL ON FUNCTION find_joinable() FROM PUBLIC;
--> statement-breakpoint
-- Masks what names an erased person in a page of an organization's table: every text, JSON and list of text that is
-- not part of the primary key. `pattern` is a regular expression, applied without regard to case; `after` is the key of
-- the last row of the page before. With `is_check` it changes nothing, but counts the rows in which something is left,
-- in whatever column. It works only while the organization erases somebody, for that is the one reason to change
-- rows that are otherwise never changed.
CREATE FUNCTION erase_marks(tbl text, pattern text, after jsonb, max_rows integer, is_check boolean)
RETURNS TABLE (last jsonb, scanned integer, found integer)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  org CONSTANT uuid := nullif(current_setting('app.org_id', true), '')::uuid;
  relation CONSTANT regclass := format('public.%I', tbl)::regclass;
  masked CONSTANT text := '''[erased]''';
  keys text;
  key_object text;
  after_key text;
  same_key text;
  assignments text;
  conditions text;
  work text;
BEGIN
  IF org IS NULL OR NOT EXISTS (SELECT FROM erasures e WHERE e.org_id = org AND e.status = 'running') THEN
    RAISE EXCEPTION 'Nobody is being erased' USING ERRCODE = 'insufficient_privilege';
  END IF;
  SELECT string_agg(format('t.%I', a.attname), ', ' ORDER BY k.place),
    string_agg(format('%L, t.%I', a.attname, a.attname), ', ' ORDER BY k.place),
    string_agg(format('($2->>%L)::%s', a.attname, format_type(a.atttypid, a.atttypmod)), ', ' ORDER BY k.place),
    string_agg(format(' AND t.%I = page.%I', a.attname, a.attname), '' ORDER BY k.place)
  INTO keys, key_object, after_key, same_key
  FROM pg_index i, unnest(i.indkey::smallint[]) WITH ORDINALITY AS k (number, place), pg_attribute a
  WHERE i.indrelid = relation AND i.indisprimary AND a.attrelid = relation AND a.attnum = k.number
    AND a.attname <> 'org_id';
  SELECT string_agg(
      format('%I = ', c.attname) || format(
        CASE c.kind
          WHEN 'text[]' THEN 'ARRAY(SELECT regexp_replace(one, $3, %3$s, ''gi'') FROM unnest(t.%1$I) WITH ORDINALITY AS of (one, place) ORDER BY place)'
          ELSE 'regexp_replace(t.%1$I::text, $3, %3$s, ''gi'')::%2$s'
        END,
        c.attname, c.kind,
        -- What has to be unique stays so.
        CASE WHEN c.is_unique THEN '''[erased '' || gen_random_uuid() || '']''' ELSE masked END), ', '),
    string_agg(format('t.%I::text ~* $3', c.attname), ' OR ')
  INTO assignments, conditions
  FROM (
    SELECT a.attname, format_type(a.atttypid, NULL) AS kind,
      EXISTS (SELECT FROM pg_index i WHERE i.indrelid = relation AND i.indisunique AND a.attnum = ANY (i.indkey::smallint[])) AS is_unique
    FROM pg_attribute a
    WHERE a.attrelid = relation AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
      AND format_type(a.atttypid, NULL) IN ('text', 'citext', 'character varying', 'jsonb', 'json', 'text[]')
      AND NOT EXISTS (
        SELECT FROM pg_index i WHERE i.indrelid = relation AND i.indisprimary AND a.attnum = ANY (i.indkey::smallint[]))
  ) AS c;
  IF is_check THEN
    work := 'SELECT 1 FROM page WHERE page.page_text ~* $3';
  ELSIF assignments IS NULL THEN
    work := 'SELECT 1 WHERE false';
  ELSE
    work := format('UPDATE %s t SET %s FROM page WHERE t.org_id = $1%s AND (%s) RETURNING 1',
      relation, assignments, coalesce(same_key, ''), conditions);
  END IF;
  RETURN QUERY EXECUTE format(
    'WITH page AS MATERIALIZED (
      SELECT %s %s AS page_key, %s AS page_text FROM %s t WHERE t.org_id = $1 %s %s LIMIT $4),
    work AS (%s)
    SELECT (SELECT page_key FROM page ORDER BY page_number DESC LIMIT 1), (SELECT count(*)::integer FROM page), (SELECT count(*)::integer FROM work)',
    coalesce(keys || ', row_number() OVER (ORDER BY ' || keys || ') AS page_number,', '1 AS page_number,'),
    coalesce('jsonb_build_object(' || key_object || ')', 'NULL::jsonb'),
    CASE WHEN is_check THEN 'to_jsonb(t)::text' ELSE 'NULL::text' END,
    relation,
    CASE WHEN after IS NULL OR keys IS NULL THEN '' ELSE format('AND (%s) > (%s)', keys, after_key) END,
    coalesce('ORDER BY ' || keys, ''),
    work)
  USING org, after, pattern, max_rows;
END
$$;
--> statement-breakpoint
ALTER FUNCTION erase_marks(text, text, jsonb, integer, boolean) OWNER TO worksynapse_system;
--> statement-breakpoint
GRANT UPDATE (email, name, password_hash, email_verified_at) ON users TO worksynapse_system;
--> statement-breakpoint
CREATE POLICY system_erase ON users FOR UPDATE TO worksynapse_system USING (true);
--> statement-breakpoint
-- Takes name, address and password from an account that no organization holds any more. Nobody can log in with what is
-- left: no password has this hash. True if it did, or had done it before.
CREATE FUNCTION erase_account(person uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  -- Nobody joins an organization meanwhile: a new membership needs the key of this row.
  PERFORM FROM users u WHERE u.id = person FOR UPDATE;
  IF EXISTS (SELECT FROM members m WHERE m.user_id = person AND m.status NOT IN ('removed', 'erased'))
    OR NOT EXISTS (SELECT FROM members m WHERE m.user_id = person) THEN
    RETURN false;
  END IF;
  UPDATE users u SET email = person || '@erased.invalid', name = 'Erased', email_verified_at = NULL,
    password_hash = '$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'
  WHERE u.id = person;
  RETURN true;
END
$$;
--> statement-breakpoint
ALTER FUNCTION erase_account(uuid) OWNER TO worksynapse_system;
--> statement-breakpoint
REVOKE ALL ON FUNCTION erase_marks(text, text, jsonb, integer, boolean), erase_account(uuid) FROM PUBLIC;
--> statement-breakpoint
GRANT SELECT (id, name, slug, plan, created_at, erase_at, suspended_at) ON organizations TO worksynapse_system;
--> statement-breakpoint
GRANT SELECT (user_id) ON super_users TO worksynapse_system;
--> statement-breakpoint
GRANT SELECT (idle_until, ends_at) ON sessions TO worksynapse_system;
--> statement-breakpoint
GRANT SELECT (org_id, status, held_for) ON runs TO worksynapse_system;
--> statement-breakpoint
CREATE POLICY system_visit ON super_users FOR SELECT TO worksynapse_system USING (true);
--> statement-breakpoint
CREATE POLICY system_health ON runs FOR SELECT TO worksynapse_system USING (true);
--> statement-breakpoint
-- True while this person is a super-user and this session of theirs on the platform goes on: asked from within an
-- organization that has let them in.
CREATE FUNCTION is_platform_session(person uuid, session uuid)
RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (SELECT FROM super_users u
    JOIN sessions s ON s.org_id = '00000000-0000-7000-8000-000000000001' AND s.id = session AND s.user_id = u.user_id
    WHERE u.user_id = person AND s.revoked_at IS NULL AND least(s.idle_until, s.ends_at) > now())
$$;
--> statement-breakpoint
ALTER FUNCTION is_platform_session(uuid, uuid) OWNER TO worksynapse_system;
--> statement-breakpoint
-- What super-users see of all organizations: newest first, those before `previous`, by a pattern of name or slug. Gives
-- nothing but in a transaction of the platform.
CREATE FUNCTION list_tenants(pattern text, previous uuid, max_rows integer)
RETURNS TABLE (id uuid, name text, slug text, plan text, members integer, created_at timestamptz, erase_at timestamptz,
  suspended_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT o.id, o.name, o.slug::text, o.plan,
    (SELECT count(*)::integer FROM members m WHERE m.org_id = o.id AND m.status = 'active'),
    o.created_at, o.erase_at, o.suspended_at
  FROM organizations o
  WHERE current_setting('app.org_id', true) = '00000000-0000-7000-8000-000000000001'
    AND o.id <> '00000000-0000-7000-8000-000000000001'
    AND (previous IS NULL OR o.id < previous)
    AND (pattern IS NULL OR o.name ILIKE pattern OR o.slug::text ILIKE pattern)
  ORDER BY o.id DESC LIMIT max_rows
$$;
--> statement-breakpoint
ALTER FUNCTION list_tenants(text, uuid, integer) OWNER TO worksynapse_system;
--> statement-breakpoint
-- Counts and ages over all organizations; of audit entries, those since the newest seal. Gives nothing but in a transaction of the platform.
CREATE FUNCTION platform_health()
RETURNS TABLE (organizations integer, suspended integer, queue jsonb, runs jsonb, unsealed integer, oldest_unsealed timestamptz,
  last_sealed_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT
    (SELECT count(*)::integer FROM organizations o WHERE o.id <> '00000000-0000-7000-8000-000000000001'),
    (SELECT count(*)::integer FROM organizations o WHERE o.suspended_at IS NOT NULL),
    (SELECT coalesce(jsonb_agg(jsonb_build_object('kind', q.kind, 'waiting', q.waiting, 'due', q.due,
        'lagSeconds', q.lag) ORDER BY q.kind), '[]') FROM (
      SELECT d.kind, count(*) AS waiting, count(*) FILTER (WHERE d.available_at <= now()) AS due,
        greatest(0, extract(epoch FROM now() - min(d.available_at) FILTER (WHERE d.available_at <= now())))::float8 AS lag
      FROM dispatch_queue d GROUP BY d.kind) AS q),
    (SELECT coalesce(jsonb_object_agg(r.status, r.count), '{}') FROM (
      SELECT u.status, count(*) AS count FROM runs u WHERE u.status IN ('queued', 'running', 'waiting') GROUP BY u.status) AS r),
    (SELECT count(*)::integer FROM audit_log a
      WHERE a.transaction_id >= coalesce((SELECT max(s.horizon) FROM audit_seals s), '0')
        AND NOT EXISTS (SELECT FROM audit_chain c WHERE c.org_id = a.org_id AND c.audit_id = a.id)),
    (SELECT min(a.created_at) FROM audit_log a
      WHERE a.transaction_id >= coalesce((SELECT max(s.horizon) FROM audit_seals s), '0')
        AND NOT EXISTS (SELECT FROM audit_chain c WHERE c.org_id = a.org_id AND c.audit_id = a.id)),
    (SELECT max(s.sealed_at) FROM audit_seals s)
  WHERE current_setting('app.org_id', true) = '00000000-0000-7000-8000-000000000001'
$$;
--> statement-breakpoint
ALTER FUNCTION platform_health() OWNER TO worksynapse_system;
--> statement-breakpoint
REVOKE ALL ON FUNCTION is_platform_session(uuid, uuid), list_tenants(text, uuid, integer), platform_health() FROM PUBLIC;
--> statement-breakpoint
-- Histories of sign-ins go after a year, whether their people come again or not. Tells how many rows went.
CREATE FUNCTION forget_log_ins(max_rows integer) RETURNS integer
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH gone AS (
    DELETE FROM log_ins WHERE (user_id, id) IN (
      SELECT user_id, id FROM log_ins WHERE created_at < now() - interval '365 days' LIMIT max_rows)
    RETURNING 1)
  SELECT count(*)::integer FROM gone
$$;
--> statement-breakpoint
GRANT SELECT, DELETE ON log_ins TO worksynapse_system;
--> statement-breakpoint
CREATE POLICY system_forget ON log_ins TO worksynapse_system USING (created_at < now() - interval '365 days') WITH CHECK (false);
--> statement-breakpoint
ALTER FUNCTION forget_log_ins(integer) OWNER TO worksynapse_system;
--> statement-breakpoint
REVOKE ALL ON FUNCTION forget_log_ins(integer) FROM PUBLIC;
--> statement-breakpoint
-- Calls of models go after as many days as the organization of the transaction keeps them, but not within a month, and not
-- before the sums of their days are written; the sums after three years. Tells how many rows went.
CREATE FUNCTION forget_ai_calls(days integer, max_rows integer) RETURNS integer
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH calls AS (
    DELETE FROM ai_calls WHERE (org_id, id) IN (
      SELECT c.org_id, c.id FROM ai_calls c JOIN ai_closed_usage u ON u.org_id = c.org_id
      WHERE c.org_id = nullif(current_setting('app.org_id', true), '')::uuid
        AND c.created_at < now() - make_interval(days => greatest(days, 30))
        AND c.created_at < u.before::timestamp AT TIME ZONE 'UTC' LIMIT max_rows)
    RETURNING 1),
  sums AS (
    DELETE FROM ai_daily_usage WHERE (org_id, id) IN (
      SELECT org_id, id FROM ai_daily_usage
      WHERE org_id = nullif(current_setting('app.org_id', true), '')::uuid
        AND day < (now() AT TIME ZONE 'UTC')::date - 1096 LIMIT max_rows)
    RETURNING 1)
  SELECT ((SELECT count(*) FROM calls) + (SELECT count(*) FROM sums))::integer
$$;
--> statement-breakpoint
GRANT SELECT, DELETE ON ai_calls, ai_daily_usage TO worksynapse_system;
--> statement-breakpoint
GRANT SELECT ON ai_closed_usage TO worksynapse_system;
--> statement-breakpoint
ALTER FUNCTION forget_ai_calls(integer, integer) OWNER TO worksynapse_system;
--> statement-breakpoint
REVOKE ALL ON FUNCTION forget_ai_calls(integer, integer) FROM PUBLIC;
--> statement-breakpoint
REVOKE CREATE ON SCHEMA public FROM worksynapse_system;
