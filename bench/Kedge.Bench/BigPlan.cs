using System.Text;

namespace Kedge.Bench;

/// <summary>The plan of a large company, as text: services of twenty components each, some of which need other services.</summary>
internal static class BigPlan
{
    public const int ComponentsEach = 20;

    public static string Text(int services)
    {
        var text = new StringBuilder("""
            plan: A large company
            sites:
              east: { recovered-by: [west] }
              west: { recovered-by: [east] }
            services:

            """);
        for (var service = 0; service < services; service++)
        {
            text.AppendLine($"  service-{service}:");
            text.AppendLine("    primary: east");
            text.AppendLine("    objectives: { rto: 30m, rpo: 5m }");
            if (service % 10 != 0)
            {
                text.AppendLine($"    needs: [service-{service - 1}]");
            }

            text.AppendLine("    components:");
            for (var component = 0; component < ComponentsEach; component++)
            {
                Component(text, service, component);
            }

            text.AppendLine("    checks:");
            text.AppendLine("      front:");
            text.AppendLine("        driver: http");
            text.AppendLine("        at:");
            text.AppendLine($"          east: {{ url: \"http://127.0.0.11:8080/{service}\" }}");
            text.AppendLine($"          west: {{ url: \"http://127.0.0.12:8080/{service}\" }}");
        }

        return text.ToString();
    }

    private static void Component(StringBuilder text, int service, int component)
    {
        text.AppendLine($"      part-{component}:");
        switch (component)
        {
            case 0:
                text.AppendLine("        driver: postgres");
                text.AppendLine("        options: { user: kedge, password: env:KEDGE_PG_PASSWORD }");
                text.AppendLine("        at:");
                text.AppendLine($"          east: {{ host: 127.0.0.11, port: {5000 + service}, data: /var/lib/postgresql/east-{service} }}");
                text.AppendLine($"          west: {{ host: 127.0.0.12, port: {5000 + service}, data: /var/lib/postgresql/west-{service} }}");
                break;
            case ComponentsEach - 1:
                text.AppendLine("        driver: dns");
                text.AppendLine($"        needs: [part-{component - 1}]");
                text.AppendLine($"        options: {{ zone: shop.example, name: service-{service}, ttl: 60s, servers: [\"127.0.0.10:53\"], key-name: kedge, key: env:KEDGE_DNS_KEY }}");
                text.AppendLine("        at: { east: { address: 127.0.0.11 }, west: { address: 127.0.0.12 } }");
                break;
            default:
                // A few layers, and some breadth: every part needs one before it, some need two.
                text.AppendLine("        driver: systemd");
                text.AppendLine($"        needs: [part-{component / 2}{(component % 3 == 0 ? $", part-{component - 1}" : "")}]");
                text.AppendLine($"        at: {{ east: {{ unit: s{service}-p{component}.service }}, west: {{ unit: s{service}-p{component}.service }} }}");
                break;
        }
    }
}
