-- DropIndex
DROP INDEX "compositions_anonymous_formula_idx";

-- DropIndex
DROP INDEX "compositions_chemical_system_idx";

-- DropIndex
DROP INDEX "compositions_element_count_idx";

-- DropIndex
DROP INDEX "compositions_elements_idx";

-- AlterTable
ALTER TABLE "materials" ADD COLUMN     "anonymous_formula" TEXT,
ADD COLUMN     "chemical_system" TEXT,
ADD COLUMN     "elements" TEXT[];

-- Of what the catalogue holds already.
UPDATE "materials" m SET "anonymous_formula" = c."anonymous_formula", "chemical_system" = c."chemical_system", "elements" = c."elements"
FROM "compositions" c WHERE c."id" = m."composition_id";
ALTER TABLE "materials" ALTER COLUMN "anonymous_formula" SET NOT NULL,
ALTER COLUMN "chemical_system" SET NOT NULL;

-- CreateIndex
CREATE INDEX "materials_elements_idx" ON "materials" USING GIN ("elements");

-- CreateIndex
CREATE INDEX "materials_anonymous_formula_id_idx" ON "materials"("anonymous_formula", "id");

-- CreateIndex
CREATE INDEX "materials_chemical_system_id_idx" ON "materials"("chemical_system", "id");
