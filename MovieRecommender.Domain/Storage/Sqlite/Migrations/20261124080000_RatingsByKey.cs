using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace MovieRecommender.Domain.Storage.Sqlite.Migrations
{
    /// <summary>
    /// Keeps ratings in the order of their key instead of beside an index on it: a viewer's ratings lie together,
    /// the file is a third smaller, and importing is faster. EF's model knows nothing of this.
    /// </summary>
    [DbContext(typeof(SqliteAppDbContext))]
    [Migration("20261124080000_RatingsByKey")]
    public sealed class RatingsByKey : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder) => Rebuild(migrationBuilder, "WITHOUT ROWID");

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder) => Rebuild(migrationBuilder, "");

        static void Rebuild(MigrationBuilder migrationBuilder, string kind) => migrationBuilder.Sql($"""
            CREATE TABLE "NewRatings" (
                "ViewerId" INTEGER NOT NULL,
                "MovieId" INTEGER NOT NULL,
                "HalfStars" INTEGER NOT NULL,
                "RatedAt" INTEGER NOT NULL,
                CONSTRAINT "PK_Ratings" PRIMARY KEY ("ViewerId", "MovieId"),
                CONSTRAINT "FK_Ratings_Movies_MovieId" FOREIGN KEY ("MovieId") REFERENCES "Movies" ("Id") ON DELETE RESTRICT,
                CONSTRAINT "FK_Ratings_Viewers_ViewerId" FOREIGN KEY ("ViewerId") REFERENCES "Viewers" ("Id") ON DELETE CASCADE
            ) {kind};
            INSERT INTO "NewRatings" SELECT "ViewerId", "MovieId", "HalfStars", "RatedAt" FROM "Ratings";
            DROP TABLE "Ratings";
            ALTER TABLE "NewRatings" RENAME TO "Ratings";
            CREATE INDEX "IX_Ratings_MovieId_HalfStars" ON "Ratings" ("MovieId", "HalfStars");
            """);
    }
}
