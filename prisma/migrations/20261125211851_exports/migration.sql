-- CreateEnum
CREATE TYPE "export_format" AS ENUM ('CSV', 'JSONL', 'PARQUET');

-- CreateEnum
CREATE TYPE "export_status" AS ENUM ('RUNNING', 'COMPLETED', 'FAILED');

-- CreateTable
CREATE TABLE "secrets" (
    "name" TEXT NOT NULL,
    "value" BYTEA NOT NULL,

    CONSTRAINT "secrets_pkey" PRIMARY KEY ("name")
);

-- CreateTable
CREATE TABLE "exports" (
    "id" UUID NOT NULL,
    "owner_id" UUID NOT NULL,
    "campaign_id" UUID,
    "filter" JSONB,
    "format" "export_format" NOT NULL,
    "status" "export_status" NOT NULL,
    "model_id" TEXT NOT NULL,
    "model_sha256" TEXT NOT NULL,
    "attempt" INTEGER NOT NULL DEFAULT 0,
    "rows" INTEGER,
    "bytes" BIGINT,
    "sha256" BYTEA,
    "error" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),
    "expires_at" TIMESTAMPTZ(3),

    CONSTRAINT "exports_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "export_chunks" (
    "export_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "bytes" BYTEA NOT NULL,

    CONSTRAINT "export_chunks_pkey" PRIMARY KEY ("export_id","number")
);

-- CreateIndex
CREATE INDEX "exports_owner_id_created_at_idx" ON "exports"("owner_id", "created_at");

-- CreateIndex
CREATE INDEX "exports_campaign_id_idx" ON "exports"("campaign_id");

-- CreateIndex
CREATE INDEX "exports_status_expires_at_idx" ON "exports"("status", "expires_at");

-- AddForeignKey
ALTER TABLE "exports" ADD CONSTRAINT "exports_campaign_id_fkey" FOREIGN KEY ("campaign_id") REFERENCES "campaigns"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "export_chunks" ADD CONSTRAINT "export_chunks_export_id_fkey" FOREIGN KEY ("export_id") REFERENCES "exports"("id") ON DELETE CASCADE ON UPDATE CASCADE;
