-- CreateTable
CREATE TABLE "campaign_measurements" (
    "id" UUID NOT NULL,
    "campaign_id" UUID NOT NULL,
    "formula" TEXT NOT NULL,
    "property" TEXT NOT NULL,
    "value" DOUBLE PRECISION NOT NULL,
    "unit" TEXT NOT NULL,
    "uncertainty" DOUBLE PRECISION,
    "fidelity" "fidelity" NOT NULL,
    "conditions" JSONB NOT NULL,
    "source" JSONB NOT NULL,
    "digest" BYTEA NOT NULL,

    CONSTRAINT "campaign_measurements_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "campaign_reservations" (
    "campaign_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "batch_id" UUID NOT NULL,
    "place" INTEGER NOT NULL,
    "score" DOUBLE PRECISION NOT NULL,
    "reserved_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "campaign_reservations_pkey" PRIMARY KEY ("campaign_id","position")
);

-- CreateTable
CREATE TABLE "campaign_priors" (
    "campaign_id" UUID NOT NULL,
    "beliefs" BYTEA NOT NULL,

    CONSTRAINT "campaign_priors_pkey" PRIMARY KEY ("campaign_id")
);

-- CreateIndex
CREATE INDEX "campaign_measurements_campaign_id_id_idx" ON "campaign_measurements"("campaign_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "campaign_measurements_campaign_id_digest_key" ON "campaign_measurements"("campaign_id", "digest");

-- CreateIndex
CREATE INDEX "campaign_reservations_batch_id_idx" ON "campaign_reservations"("batch_id");

-- AddForeignKey
ALTER TABLE "campaign_measurements" ADD CONSTRAINT "campaign_measurements_campaign_id_fkey" FOREIGN KEY ("campaign_id") REFERENCES "campaigns"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "campaign_reservations" ADD CONSTRAINT "campaign_reservations_campaign_id_fkey" FOREIGN KEY ("campaign_id") REFERENCES "campaigns"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "campaign_priors" ADD CONSTRAINT "campaign_priors_campaign_id_fkey" FOREIGN KEY ("campaign_id") REFERENCES "campaigns"("id") ON DELETE CASCADE ON UPDATE CASCADE;
