-- CreateTable
CREATE TABLE "prediction_fills" (
    "model_id" TEXT NOT NULL,
    "property" TEXT NOT NULL,
    "run" UUID NOT NULL DEFAULT gen_random_uuid(),
    "through" TIMESTAMPTZ(6),
    "horizon" TIMESTAMPTZ(6),
    "after" UUID,

    CONSTRAINT "prediction_fills_pkey" PRIMARY KEY ("model_id","property")
);

-- AddForeignKey
ALTER TABLE "prediction_fills" ADD CONSTRAINT "prediction_fills_model_id_fkey" FOREIGN KEY ("model_id") REFERENCES "models"("id") ON DELETE CASCADE ON UPDATE CASCADE;
