-- DropIndex
DROP INDEX "predictions_model_id_idx";

-- AlterTable
ALTER TABLE "materials" ADD COLUMN     "element_count" SMALLINT;

-- Of what the catalogue holds already.
UPDATE "materials" m SET "element_count" = c."element_count" FROM "compositions" c WHERE c."id" = m."composition_id";
ALTER TABLE "materials" ALTER COLUMN "element_count" SET NOT NULL;

-- CreateTable
CREATE TABLE "measured_values" (
    "material_id" UUID NOT NULL,
    "property" TEXT NOT NULL,
    "value" DOUBLE PRECISION NOT NULL,

    CONSTRAINT "measured_values_pkey" PRIMARY KEY ("material_id","property")
);

-- CreateIndex
CREATE INDEX "measured_values_property_value_material_id_idx" ON "measured_values"("property", "value", "material_id");

-- CreateIndex
CREATE INDEX "compositions_formula_idx" ON "compositions"("formula");

-- CreateIndex
CREATE INDEX "materials_source_id_id_idx" ON "materials"("source_id", "id");

-- CreateIndex
CREATE INDEX "materials_space_group_number_id_idx" ON "materials"("space_group_number", "id");

-- CreateIndex
CREATE INDEX "materials_element_count_id_idx" ON "materials"("element_count", "id");

-- CreateIndex
CREATE INDEX "materials_created_at_id_idx" ON "materials"("created_at", "id");

-- CreateIndex
CREATE INDEX "materials_density_id_idx" ON "materials"("density", "id");

-- CreateIndex
CREATE INDEX "predictions_model_id_property_variant_value_composition_key_idx" ON "predictions"("model_id", "property", "variant", "value", "composition_key");

-- AddForeignKey
ALTER TABLE "measured_values" ADD CONSTRAINT "measured_values_material_id_fkey" FOREIGN KEY ("material_id") REFERENCES "materials"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Of what the catalogue holds already: the median of a material's own measurements, else of its composition's.
INSERT INTO "measured_values" ("material_id", "property", "value")
SELECT "id", "property", "value" FROM (
    SELECT m."id", v."property", percentile_cont(0.5) WITHIN GROUP (ORDER BY v."value") AS "value",
        row_number() OVER (PARTITION BY m."id", v."property" ORDER BY v."material_id" NULLS LAST) AS "choice"
    FROM "materials" m
    JOIN "measurements" v ON v."composition_id" = m."composition_id" AND (v."material_id" = m."id" OR v."material_id" IS NULL)
    GROUP BY m."id", v."property", v."material_id") AS medians
WHERE "choice" = 1;
