-- CreateTable
CREATE TABLE "seeds" (
    "name" TEXT NOT NULL,
    "sha256" CHAR(64) NOT NULL,
    "applied_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "seeds_pkey" PRIMARY KEY ("name")
);
