-- CreateEnum
CREATE TYPE "fidelity" AS ENUM ('EXPERIMENT', 'DFT');

-- CreateTable
CREATE TABLE "compositions" (
    "id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "formula" TEXT NOT NULL,
    "anonymous_formula" TEXT NOT NULL,
    "chemical_system" TEXT NOT NULL,
    "elements" TEXT[],
    "fractions" DOUBLE PRECISION[],
    "element_count" SMALLINT NOT NULL,
    "shares" TEXT[],
    "molar_mass" DOUBLE PRECISION NOT NULL,

    CONSTRAINT "compositions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sources" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "url" TEXT,
    "doi" TEXT,
    "licence" TEXT,

    CONSTRAINT "sources_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "materials" (
    "id" UUID NOT NULL,
    "source_id" UUID NOT NULL,
    "external_id" TEXT,
    "url" TEXT,
    "doi" TEXT,
    "name" TEXT,
    "composition_id" UUID NOT NULL,
    "formula" TEXT NOT NULL,
    "amounts" DOUBLE PRECISION[],
    "atoms" DOUBLE PRECISION NOT NULL,
    "space_group_number" SMALLINT,
    "space_group_symbol" TEXT,
    "density" DOUBLE PRECISION,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "materials_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "structures" (
    "material_id" UUID NOT NULL,
    "a" DOUBLE PRECISION NOT NULL,
    "b" DOUBLE PRECISION NOT NULL,
    "c" DOUBLE PRECISION NOT NULL,
    "alpha" DOUBLE PRECISION NOT NULL,
    "beta" DOUBLE PRECISION NOT NULL,
    "gamma" DOUBLE PRECISION NOT NULL,
    "volume" DOUBLE PRECISION NOT NULL,
    "sites" JSONB NOT NULL,

    CONSTRAINT "structures_pkey" PRIMARY KEY ("material_id")
);

-- CreateTable
CREATE TABLE "measurements" (
    "id" UUID NOT NULL,
    "composition_id" UUID NOT NULL,
    "material_id" UUID,
    "source_id" UUID NOT NULL,
    "url" TEXT,
    "doi" TEXT,
    "formula" TEXT NOT NULL,
    "amounts" DOUBLE PRECISION[],
    "atoms" DOUBLE PRECISION NOT NULL,
    "property" TEXT NOT NULL,
    "value" DOUBLE PRECISION NOT NULL,
    "unit" TEXT NOT NULL,
    "uncertainty" DOUBLE PRECISION,
    "fidelity" "fidelity" NOT NULL,
    "conditions" JSONB NOT NULL DEFAULT '{}',
    "digest" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "measurements_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "models" (
    "id" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,
    "registered_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "models_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "predictions" (
    "composition_key" TEXT NOT NULL,
    "property" TEXT NOT NULL,
    "variant" TEXT NOT NULL,
    "model_id" TEXT NOT NULL,
    "answer" BYTEA NOT NULL,
    "value" DOUBLE PRECISION NOT NULL,
    "standard_deviation" DOUBLE PRECISION NOT NULL,
    "computed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "predictions_pkey" PRIMARY KEY ("composition_key","property","variant","model_id")
);

-- CreateIndex
CREATE UNIQUE INDEX "compositions_key_key" ON "compositions"("key");

-- CreateIndex
CREATE INDEX "compositions_elements_idx" ON "compositions" USING GIN ("elements");

-- CreateIndex
CREATE INDEX "compositions_shares_idx" ON "compositions" USING GIN ("shares");

-- CreateIndex
CREATE INDEX "compositions_anonymous_formula_idx" ON "compositions"("anonymous_formula");

-- CreateIndex
CREATE INDEX "compositions_chemical_system_idx" ON "compositions"("chemical_system");

-- CreateIndex
CREATE INDEX "compositions_element_count_idx" ON "compositions"("element_count");

-- CreateIndex
CREATE UNIQUE INDEX "sources_name_key" ON "sources"("name");

-- CreateIndex
CREATE INDEX "materials_composition_id_id_idx" ON "materials"("composition_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "materials_source_id_external_id_key" ON "materials"("source_id", "external_id");

-- CreateIndex
CREATE UNIQUE INDEX "measurements_digest_key" ON "measurements"("digest");

-- CreateIndex
CREATE INDEX "measurements_material_id_property_id_idx" ON "measurements"("material_id", "property", "id");

-- CreateIndex
CREATE INDEX "measurements_composition_id_property_id_idx" ON "measurements"("composition_id", "property", "id");

-- CreateIndex
CREATE INDEX "predictions_model_id_idx" ON "predictions"("model_id");

-- AddForeignKey
ALTER TABLE "materials" ADD CONSTRAINT "materials_source_id_fkey" FOREIGN KEY ("source_id") REFERENCES "sources"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "materials" ADD CONSTRAINT "materials_composition_id_fkey" FOREIGN KEY ("composition_id") REFERENCES "compositions"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "structures" ADD CONSTRAINT "structures_material_id_fkey" FOREIGN KEY ("material_id") REFERENCES "materials"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "measurements" ADD CONSTRAINT "measurements_composition_id_fkey" FOREIGN KEY ("composition_id") REFERENCES "compositions"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "measurements" ADD CONSTRAINT "measurements_material_id_fkey" FOREIGN KEY ("material_id") REFERENCES "materials"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "measurements" ADD CONSTRAINT "measurements_source_id_fkey" FOREIGN KEY ("source_id") REFERENCES "sources"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "predictions" ADD CONSTRAINT "predictions_model_id_fkey" FOREIGN KEY ("model_id") REFERENCES "models"("id") ON DELETE CASCADE ON UPDATE CASCADE;
