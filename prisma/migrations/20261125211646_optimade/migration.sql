-- AlterTable
ALTER TABLE "compositions" ADD COLUMN     "whole_anonymous_formula" TEXT,
ADD COLUMN     "whole_formula" TEXT;

-- AlterTable
ALTER TABLE "materials" ADD COLUMN     "disordered" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "site_count" INTEGER;

-- Of what the catalogue holds already, as src/chemistry/reduce.ts (wholeNumbers) and printers.ts compute it: the smallest whole numbers,
-- up to 700 atoms, whose fractions round to the millionths of the key, else the millionths in lowest terms.
CREATE FUNCTION pg_temp.whole_numbers(parts bigint[]) RETURNS bigint[] LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    amounts bigint[];
    divisor bigint := 0;
    part bigint;
BEGIN
    FOR atoms IN cardinality(parts)..700 LOOP
        SELECT array_agg(floor(p * atoms / 1e6::float8 + 0.5)::bigint ORDER BY n) INTO amounts FROM unnest(parts) WITH ORDINALITY AS u (p, n);
        IF (SELECT sum(a) = atoms AND bool_and(a > 0 AND floor(a / atoms::float8 * 1e6 + 0.5001)::bigint = p)
            FROM unnest(parts, amounts) AS u (p, a)) THEN
            RETURN amounts;
        END IF;
    END LOOP;
    FOREACH part IN ARRAY parts LOOP
        divisor := gcd(divisor, part);
    END LOOP;
    RETURN (SELECT array_agg(p / divisor ORDER BY n) FROM unnest(parts) WITH ORDINALITY AS u (p, n));
END $$;

WITH whole AS (
    SELECT c."id",
        (SELECT array_agg(rtrim(share, '0123456789') ORDER BY n) FROM unnest(c."shares") WITH ORDINALITY AS s (share, n)) AS symbols,
        pg_temp.whole_numbers((SELECT array_agg(ltrim(share, 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz')::bigint ORDER BY n)
            FROM unnest(c."shares") WITH ORDINALITY AS s (share, n))) AS amounts
    FROM "compositions" c)
UPDATE "compositions" c SET
    "whole_formula" = (
        SELECT string_agg(symbol || CASE amount WHEN 1 THEN '' ELSE amount::text END, '' ORDER BY n)
        FROM unnest(w.symbols, w.amounts) WITH ORDINALITY AS u (symbol, amount, n)),
    "whole_anonymous_formula" = (
        SELECT string_agg(
            chr(65 + (rank % 26)::int) || CASE WHEN rank < 26 THEN '' ELSE chr(96 + (rank / 26)::int) END || CASE amount WHEN 1 THEN '' ELSE amount::text END,
            '' ORDER BY rank)
        FROM (SELECT amount, row_number() OVER (ORDER BY amount DESC) - 1 AS rank FROM unnest(w.amounts) AS u (amount)) AS ranked)
FROM whole w WHERE w."id" = c."id";

ALTER TABLE "compositions" ALTER COLUMN "whole_formula" SET NOT NULL, ALTER COLUMN "whole_anonymous_formula" SET NOT NULL;

-- As src/domain/structure-sites.ts counts them.
UPDATE "materials" m SET "site_count" = s.places, "disordered" = s.disordered
FROM (
    SELECT "material_id", count(*) AS places, bool_or(occupants > 1 OR occupancy < 0.999) AS disordered
    FROM (
        SELECT t."material_id", count(*) AS occupants, min((site ->> 'occupancy')::float8) AS occupancy
        FROM "structures" t CROSS JOIN LATERAL jsonb_array_elements(t."sites") AS site
        GROUP BY t."material_id", site -> 'x', site -> 'y', site -> 'z') AS places
    GROUP BY "material_id") AS s
WHERE s."material_id" = m."id";

-- CreateIndex
CREATE INDEX "compositions_whole_formula_idx" ON "compositions"("whole_formula");

-- CreateIndex
CREATE INDEX "compositions_whole_anonymous_formula_idx" ON "compositions"("whole_anonymous_formula");

-- CreateIndex
CREATE INDEX "materials_site_count_id_idx" ON "materials"("site_count", "id");

-- CreateIndex
CREATE INDEX "materials_updated_at_id_idx" ON "materials"("updated_at", "id");
