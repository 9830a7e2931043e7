using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace MovieRecommender.Domain.Storage.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class ShowingsByVersion : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // By hand, as EF knows no WITHOUT ROWID and would lose it.
            migrationBuilder.Sql("""
                CREATE TABLE "NewShowings" (
                    "ViewerId" INTEGER NOT NULL,
                    "MovieId" INTEGER NOT NULL,
                    "Version" INTEGER NOT NULL,
                    "ShownAt" INTEGER NOT NULL,
                    CONSTRAINT "PK_Showings" PRIMARY KEY ("ViewerId", "MovieId", "Version"),
                    CONSTRAINT "FK_Showings_Movies_MovieId" FOREIGN KEY ("MovieId") REFERENCES "Movies" ("Id") ON DELETE CASCADE,
                    CONSTRAINT "FK_Showings_Viewers_ViewerId" FOREIGN KEY ("ViewerId") REFERENCES "Viewers" ("Id") ON DELETE CASCADE
                ) WITHOUT ROWID;
                INSERT OR IGNORE INTO "NewShowings" SELECT "ViewerId", "MovieId", "Version", "ShownAt" FROM "Showings" ORDER BY "ShownAt" DESC;
                DROP TABLE "Showings";
                ALTER TABLE "NewShowings" RENAME TO "Showings";
                CREATE INDEX "IX_Showings_MovieId" ON "Showings" ("MovieId");
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            // By hand, as EF knows no WITHOUT ROWID and would lose it.
            migrationBuilder.Sql("""
                CREATE TABLE "NewShowings" (
                    "ViewerId" INTEGER NOT NULL,
                    "MovieId" INTEGER NOT NULL,
                    "Version" INTEGER NOT NULL,
                    "ShownAt" INTEGER NOT NULL,
                    CONSTRAINT "PK_Showings" PRIMARY KEY ("ViewerId", "MovieId"),
                    CONSTRAINT "FK_Showings_Movies_MovieId" FOREIGN KEY ("MovieId") REFERENCES "Movies" ("Id") ON DELETE CASCADE,
                    CONSTRAINT "FK_Showings_Viewers_ViewerId" FOREIGN KEY ("ViewerId") REFERENCES "Viewers" ("Id") ON DELETE CASCADE
                ) WITHOUT ROWID;
                INSERT OR IGNORE INTO "NewShowings" SELECT "ViewerId", "MovieId", "Version", "ShownAt" FROM "Showings" ORDER BY "ShownAt" DESC;
                DROP TABLE "Showings";
                ALTER TABLE "NewShowings" RENAME TO "Showings";
                CREATE INDEX "IX_Showings_MovieId" ON "Showings" ("MovieId");
                """);
        }
    }
}
