using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace MovieRecommender.Domain.Storage.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class RatingsByFilm : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // EF knows neither tables in the order of their key nor triggers. Without an index of its own the key to the films would have every
            // film's removal read all ratings; the new table has it instead.
            migrationBuilder.Sql(
                """
                CREATE TABLE "RatingsByFilm" (
                    "MovieId" INTEGER NOT NULL,
                    "HalfStars" INTEGER NOT NULL,
                    "ViewerId" INTEGER NOT NULL,
                    CONSTRAINT "PK_RatingsByFilm" PRIMARY KEY ("MovieId", "HalfStars", "ViewerId"),
                    CONSTRAINT "FK_RatingsByFilm_Movies_MovieId" FOREIGN KEY ("MovieId") REFERENCES "Movies" ("Id") ON DELETE RESTRICT
                ) WITHOUT ROWID;
                INSERT INTO "RatingsByFilm" SELECT "MovieId", "HalfStars", "ViewerId" FROM "Ratings" ORDER BY 1, 2, 3;

                CREATE TABLE "NewRatings" (
                    "ViewerId" INTEGER NOT NULL,
                    "MovieId" INTEGER NOT NULL,
                    "HalfStars" INTEGER NOT NULL,
                    "RatedAt" INTEGER NOT NULL,
                    "Predicted" REAL NULL,
                    CONSTRAINT "PK_Ratings" PRIMARY KEY ("ViewerId", "MovieId"),
                    CONSTRAINT "FK_Ratings_Viewers_ViewerId" FOREIGN KEY ("ViewerId") REFERENCES "Viewers" ("Id") ON DELETE CASCADE
                ) WITHOUT ROWID;
                INSERT INTO "NewRatings" SELECT "ViewerId", "MovieId", "HalfStars", "RatedAt", "Predicted" FROM "Ratings" ORDER BY 1, 2;
                DROP TABLE "Ratings";
                ALTER TABLE "NewRatings" RENAME TO "Ratings";

                CREATE TRIGGER "TR_Ratings_Insert" AFTER INSERT ON "Ratings" BEGIN
                    INSERT INTO "RatingsByFilm" VALUES (NEW."MovieId", NEW."HalfStars", NEW."ViewerId");
                END;
                CREATE TRIGGER "TR_Ratings_Update" AFTER UPDATE OF "ViewerId", "MovieId", "HalfStars" ON "Ratings" BEGIN
                    DELETE FROM "RatingsByFilm" WHERE "MovieId" = OLD."MovieId" AND "HalfStars" = OLD."HalfStars" AND "ViewerId" = OLD."ViewerId";
                    INSERT INTO "RatingsByFilm" VALUES (NEW."MovieId", NEW."HalfStars", NEW."ViewerId");
                END;
                CREATE TRIGGER "TR_Ratings_Delete" AFTER DELETE ON "Ratings" BEGIN
                    DELETE FROM "RatingsByFilm" WHERE "MovieId" = OLD."MovieId" AND "HalfStars" = OLD."HalfStars" AND "ViewerId" = OLD."ViewerId";
                END;
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql(
                """
                DROP TRIGGER "TR_Ratings_Insert";
                DROP TRIGGER "TR_Ratings_Update";
                DROP TRIGGER "TR_Ratings_Delete";
                """);

            migrationBuilder.DropTable(
                name: "RatingsByFilm");

            migrationBuilder.CreateIndex(
                name: "IX_Ratings_MovieId_HalfStars",
                table: "Ratings",
                columns: new[] { "MovieId", "HalfStars" });
        }
    }
}
