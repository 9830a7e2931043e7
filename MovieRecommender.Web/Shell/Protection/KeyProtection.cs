using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.EntityFrameworkCore;
using MovieRecommender.Domain;
using MovieRecommender.Domain.Storage;

namespace MovieRecommender.Web.Shell.Protection;

/// <summary>
/// The keys that seal cookies lie in the store, and so in every backup. With a certificate they are sealed themselves;
/// who has a copy of the store but not the certificate can make no cookies.
/// </summary>
sealed class KeyProtection(X509Certificate2? certificate, Store store, ILoggerFactory logger)
{
    /// <summary>Path of a PKCS#12 file with an RSA certificate and its key. Default empty: keys lie in the store as they are.</summary>
    public const string CertificateKey = "Keys:Certificate";

    /// <summary>The password of that file.</summary>
    public const string PasswordKey = "Keys:Password";

    static readonly XNamespace Namespace = "http://schemas.asp.net/2015/03/dataProtection";

    /// <summary>Seals the keys that were made before there was a certificate; sessions go on.</summary>
    public async Task SealAsync(CancellationToken cancellationToken = default)
    {
        if (certificate is null) return;
        var encryptor = new CertificateXmlEncryptor(certificate, logger);
        await store.WriteAsync(async db =>
        {
            foreach (var key in await db.DataProtectionKeys.Where(key => key.Xml!.Contains("<masterKey")).ToListAsync(cancellationToken))
            {
                var xml = XElement.Parse(key.Xml!);
                foreach (var secret in xml.Descendants("masterKey").ToList())
                {
                    var made = encryptor.Encrypt(secret);
                    secret.ReplaceWith(new XElement(Namespace + "encryptedSecret", new XAttribute("decryptorType", made.DecryptorType.AssemblyQualifiedName!), made.EncryptedElement));
                }
                key.Xml = xml.ToString(SaveOptions.DisableFormatting);
            }
        }, cancellationToken);
    }

    /// <exception cref="InvalidInputException">The settings name a certificate that cannot be used.</exception>
    internal static X509Certificate2? Read(IConfiguration configuration)
    {
        if (configuration[CertificateKey] is not { Length: > 0 } path) return null;
        try
        {
            var certificate = X509CertificateLoader.LoadPkcs12FromFile(path, configuration[PasswordKey]);
            using var key = certificate.GetRSAPrivateKey();
            return key is not null ? certificate : throw new InvalidInputException($"{CertificateKey} '{path}' has no RSA private key. Give a PKCS#12 file that holds one.");
        }
        catch (Exception error) when (error is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException($"{CertificateKey} '{path}' cannot be read: {error.Message.TrimEnd('.')}. Give a PKCS#12 file, and its password as {PasswordKey}.", error);
        }
    }
}

static class KeyProtectionSetup
{
    public static IServiceCollection AddKeyProtection(this IServiceCollection services, IConfiguration configuration)
    {
        var certificate = KeyProtection.Read(configuration);
        if (certificate is not null) services.AddDataProtection().ProtectKeysWithCertificate(certificate);
        return services.AddSingleton(provider => new KeyProtection(certificate, provider.GetRequiredService<Store>(), provider.GetRequiredService<ILoggerFactory>()));
    }
}
