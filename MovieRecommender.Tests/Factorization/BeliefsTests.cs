using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using CsCheck;
using MovieRecommender.Domain.Factorization;
using MovieRecommender.Domain.Factorization.LinearAlgebra;

namespace MovieRecommender.Tests.Factorization;

public class BeliefsTests
{
    const int Factors = 3;

    /// <summary>Numbers that are kept exactly.</summary>
    static readonly Gen<double> Exact = Gen.Int[-64, 64].Select(value => value / 32.0);

    static readonly Gen<(double[] Mean, double[] Covariance)> Posterior = Gen.Select(Exact.Array[Factors + 1], Gen.Int[0, 32].Select(value => value / 32.0).Array[(Factors + 1) * (Factors + 1)]);

    [Fact]
    public void EveryHalfThatIsKeptBecomesItsFloat()
    {
        var halves = Enumerable.Range(0, 1 << 16).Select(bits => BitConverter.UInt16BitsToHalf((ushort)bits)).Where(half => half == Half.Zero || Half.IsNormal(half)).ToArray();
        Array.Resize(ref halves, Matrix.Padded(halves.Length));
        for (var at = 0; at < halves.Length; at += Matrix.Lane)
        {
            var wide = Beliefs.Widen(ref Unsafe.As<Half, short>(ref halves[0]), (nuint)at);
            for (var i = 0; i < Matrix.Lane; i++)
                Assert.Equal((float)halves[at + i], wide[i]);
        }
    }

    [Fact]
    public void MomentsAreThoseOfThePosteriorBeforeAndAfterAFile() => Posterior.Sample(posterior =>
    {
        var (mean, covariance) = posterior;
        var beliefs = new Beliefs(2, Factors);
        beliefs.Set(1, mean, covariance);
        foreach (var read in new[] { beliefs, WrittenAndRead(beliefs) })
        {
            float[] moments = new float[read.Stride], features = new float[read.Size], withBias = new float[read.Size];
            read.ReadMoments(1, moments);
            read.ReadFeatures(1, features);
            read.ReadBiasMoments(1, withBias);
            Assert.Equal([.. mean[..Factors], 1], features.Select(value => (double)value));
            Assert.Equal(mean[Factors], read.BiasOf(1));
            for (int row = 0, at = 0; row < Factors; row++)
            {
                for (var column = 0; column <= row; column++)
                    Assert.Equal((mean[row] * mean[column]) + covariance[(row * (Factors + 1)) + column], moments[at++], 2e-3);
                Assert.Equal((mean[row] * mean[Factors]) + covariance[(Factors * (Factors + 1)) + row], withBias[row], 2e-3);
            }
            var weights = Enumerable.Range(1, read.Stride).Select(value => 1f / value).ToArray();
            var vector = weights[..Matrix.Padded(read.Size)];
            Array.Clear(vector, read.Size, vector.Length - read.Size);
            var products = read.Products(1, weights, vector);
            Assert.Equal(TensorPrimitives.Dot<float>(moments, weights), products.Moments, 1e-3f);
            Assert.Equal(TensorPrimitives.Dot<float>(features, vector.AsSpan(0, read.Size)), products.Features, 1e-3f);
            Assert.Equal(TensorPrimitives.Dot<float>(withBias, vector.AsSpan(0, read.Size)), products.BiasMoments, 1e-3f);
        }
    });

    [Fact]
    public void WhatIsTooNearToZeroForAHalfIsZero()
    {
        var beliefs = new Beliefs(1, Factors);
        beliefs.Set(0, [5e-5, 1e-3, -5e-5, 0], new double[16]);
        var features = new float[beliefs.Size];
        beliefs.ReadFeatures(0, features);
        Assert.Equal([0, (float)(Half)1e-3, 0, 1], features);
    }

    [Fact]
    public void AFileWithAFactorThatIsNoNumberIsRefused()
    {
        var beliefs = new Beliefs(1, Factors);
        beliefs.Set(0, [1e9, 0, 0, 0], new double[16]);
        var error = Assert.Throws<InvalidDataException>(() => WrittenAndRead(beliefs));
        Assert.Contains("a film's factor is not a number", error.Message, StringComparison.Ordinal);
    }

    static Beliefs WrittenAndRead(Beliefs beliefs)
    {
        using var stream = new MemoryStream();
        beliefs.Write(new BinaryWriter(stream));
        stream.Position = 0;
        return Beliefs.Read(new BinaryReader(stream));
    }
}
