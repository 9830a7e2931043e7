using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace MovieRecommender.Domain.Storage.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class Showings : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // By hand, as with ratings: EF knows no WITHOUT ROWID, which halves what a showing takes.
            migrationBuilder.Sql("""
                CREATE TABLE "Showings" (
                    "ViewerId" INTEGER NOT NULL,
                    "MovieId" INTEGER NOT NULL,
                    "Version" INTEGER NOT NULL,
                    "ShownAt" INTEGER NOT NULL,
                    CONSTRAINT "PK_Showings" PRIMARY KEY ("ViewerId", "MovieId"),
                    CONSTRAINT "FK_Showings_Movies_MovieId" FOREIGN KEY ("MovieId") REFERENCES "Movies" ("Id") ON DELETE CASCADE,
                    CONSTRAINT "FK_Showings_Viewers_ViewerId" FOREIGN KEY ("ViewerId") REFERENCES "Viewers" ("Id") ON DELETE CASCADE
                ) WITHOUT ROWID;
                """);

            migrationBuilder.CreateIndex(
                name: "IX_Showings_MovieId",
                table: "Showings",
                column: "MovieId");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "Showings");
        }
    }
}
