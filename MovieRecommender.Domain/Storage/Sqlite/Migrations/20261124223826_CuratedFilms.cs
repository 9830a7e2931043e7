using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace MovieRecommender.Domain.Storage.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class CuratedFilms : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<bool>(
                name: "IsEdited",
                table: "Movies",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<bool>(
                name: "IsHidden",
                table: "Movies",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<int>(
                name: "MergedIntoId",
                table: "Movies",
                type: "INTEGER",
                nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "IsEdited",
                table: "Movies");

            migrationBuilder.DropColumn(
                name: "IsHidden",
                table: "Movies");

            migrationBuilder.DropColumn(
                name: "MergedIntoId",
                table: "Movies");
        }
    }
}
