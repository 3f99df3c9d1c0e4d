-- CreateEnum
CREATE TYPE "campaign_status" AS ENUM ('DRAFT', 'QUEUED', 'RUNNING', 'PAUSED', 'COMPLETED', 'CANCELLED', 'FAILED');

-- CreateTable
CREATE TABLE "campaigns" (
    "id" UUID NOT NULL,
    "owner_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "status" "campaign_status" NOT NULL,
    "input" JSONB NOT NULL,
    "keep_all" BOOLEAN NOT NULL,
    "charged_to" UUID NOT NULL,
    "predictions_per_day" BIGINT NOT NULL,
    "chunk_size" INTEGER NOT NULL,
    "chunks" INTEGER NOT NULL,
    "chunks_done" INTEGER NOT NULL DEFAULT 0,
    "total" INTEGER NOT NULL,
    "done" INTEGER NOT NULL DEFAULT 0,
    "failed" INTEGER NOT NULL DEFAULT 0,
    "epoch" INTEGER NOT NULL DEFAULT 0,
    "model_id" TEXT,
    "model_sha256" TEXT,
    "fingerprint" TEXT NOT NULL,
    "measured" JSONB,
    "not_before" TIMESTAMPTZ(3),
    "error" TEXT,
    "summary" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "campaigns_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "campaign_parts" (
    "campaign_id" UUID NOT NULL,
    "chunk" INTEGER NOT NULL,
    "size" INTEGER NOT NULL,
    "positions" BYTEA NOT NULL,
    "costs" BYTEA NOT NULL,
    "scores" BYTEA,
    "passed_filters" INTEGER NOT NULL,
    "predicted" INTEGER NOT NULL,
    "failed" INTEGER NOT NULL,
    "model_runs" INTEGER NOT NULL,
    "completed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "campaign_parts_pkey" PRIMARY KEY ("campaign_id","chunk")
);

-- CreateTable
CREATE TABLE "campaign_failures" (
    "campaign_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "formula" TEXT NOT NULL,
    "message" TEXT NOT NULL,
    "code" TEXT NOT NULL,

    CONSTRAINT "campaign_failures_pkey" PRIMARY KEY ("campaign_id","position")
);

-- CreateTable
CREATE TABLE "campaign_results" (
    "campaign_id" UUID NOT NULL,
    "rank" INTEGER NOT NULL,
    "position" INTEGER NOT NULL,
    "formula" TEXT NOT NULL,
    "score" DOUBLE PRECISION NOT NULL,
    "pareto_front" INTEGER NOT NULL,

    CONSTRAINT "campaign_results_pkey" PRIMARY KEY ("campaign_id","rank")
);

-- CreateTable
CREATE TABLE "idempotency_keys" (
    "owner_id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "payload_hash" BYTEA NOT NULL,
    "result_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "idempotency_keys_pkey" PRIMARY KEY ("owner_id","key")
);

-- CreateIndex
CREATE INDEX "campaigns_owner_id_id_idx" ON "campaigns"("owner_id", "id");

-- CreateIndex
CREATE INDEX "campaigns_status_idx" ON "campaigns"("status");

-- CreateIndex
CREATE INDEX "idempotency_keys_created_at_idx" ON "idempotency_keys"("created_at");

-- AddForeignKey
ALTER TABLE "campaign_parts" ADD CONSTRAINT "campaign_parts_campaign_id_fkey" FOREIGN KEY ("campaign_id") REFERENCES "campaigns"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "campaign_failures" ADD CONSTRAINT "campaign_failures_campaign_id_fkey" FOREIGN KEY ("campaign_id") REFERENCES "campaigns"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "campaign_results" ADD CONSTRAINT "campaign_results_campaign_id_fkey" FOREIGN KEY ("campaign_id") REFERENCES "campaigns"("id") ON DELETE CASCADE ON UPDATE CASCADE;
