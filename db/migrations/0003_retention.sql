ALTER TABLE "organizations" ADD COLUMN "run_retention_days" integer;--> statement-breakpoint
CREATE INDEX "runs_org_id_finished_at_index" ON "runs" USING btree ("org_id","finished_at") WHERE finished_at is not null;--> statement-breakpoint
CREATE INDEX "runs_org_id_failed_run_id_index" ON "runs" USING btree ("org_id","failed_run_id") WHERE failed_run_id is not null;--> statement-breakpoint
CREATE INDEX "runs_org_id_source_id_index" ON "runs" USING btree ("org_id","source_id");