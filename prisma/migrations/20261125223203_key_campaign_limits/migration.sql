-- AlterTable
ALTER TABLE "api_keys" ADD COLUMN     "candidates_per_campaign" INTEGER NOT NULL DEFAULT 10000000,
ADD COLUMN     "concurrent_campaigns" INTEGER NOT NULL DEFAULT 10;
