using System.Security.Cryptography;
using CsCheck;
using MovieRecommender.Domain;
using MovieRecommender.Domain.Models;

namespace MovieRecommender.Tests.Models;

/// <summary>A version as a file: whole and unchanged, or refused.</summary>
public sealed class ModelFileTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("movierecommender-model-").FullName;
    readonly byte[] _bytes;

    public ModelFileTests()
    {
        ModelFile.Write(PathOf("good"), ToyVersions.Model(7));
        _bytes = File.ReadAllBytes(PathOf("good"));
    }

    [Fact]
    public void WhatWasWrittenIsReadAsItWas()
    {
        var (checksum, size) = ModelFile.Write(PathOf("again"), ToyVersions.Model(7));
        Assert.Equal(_bytes, File.ReadAllBytes(PathOf("again")));
        Assert.Equal((Convert.ToHexStringLower(SHA256.HashData(_bytes.AsSpan(0, _bytes.Length - 32))), _bytes.Length), (checksum, (int)size));
        var model = ModelFile.Read(PathOf("good"));
        Assert.Equal((7, 20, 0, -1), (model.Version, model.MovieIds.Count, model.ItemOf(101), model.ItemOf(1)));
        var expected = new float[20];
        var scores = new float[20];
        ToyVersions.Model(7).Ranking.Score([], expected);
        model.Ranking.Score([], scores);
        Assert.Equal(expected, scores);
        Assert.Equal(["again", "good"], Directory.GetFiles(_folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void AnyChangedBitIsNoticed()
        => Gen.Select(Gen.Int[0, _bytes.Length - 1], Gen.Int[0, 7]).Sample((position, bit) =>
        {
            var changed = (byte[])_bytes.Clone();
            changed[position] ^= (byte)(1 << bit);
            IsRefused(changed);
        });

    [Fact]
    public void AnyShorterFileIsNoticed() => Gen.Int[0, _bytes.Length - 1].Sample(length => IsRefused(_bytes[..length]));

    [Fact]
    public void AFileThatIsMissingOrSomethingElseIsRefused()
    {
        Assert.Contains("cannot be read", Assert.Throws<InvalidInputException>(() => ModelFile.Read(PathOf("none"))).Message, StringComparison.Ordinal);
        IsRefused("a letter, long enough to hold a checksum and more than that"u8.ToArray());
    }

    [Fact]
    public void AnotherFormatIsRefusedByItsNumber()
    {
        var other = (byte[])_bytes.Clone();
        other[8] = 99;
        SHA256.HashData(other.AsSpan(0, other.Length - 32)).CopyTo(other.AsSpan(other.Length - 32));
        IsRefused(other, "has format 99");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // CsCheck runs several at once.
    void IsRefused(byte[] bytes, string said = "")
    {
        var path = PathOf(Guid.NewGuid().ToString("N"));
        File.WriteAllBytes(path, bytes);
        Assert.Contains(said, Assert.Throws<InvalidInputException>(() => ModelFile.Read(path)).Message, StringComparison.Ordinal);
        File.Delete(path);
    }

    string PathOf(string name) => Path.Combine(_folder, name);
}
