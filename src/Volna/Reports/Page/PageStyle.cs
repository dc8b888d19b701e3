namespace Volna.Reports.Page;

/// <summary>The look of a report page: light and dark, readable on a phone and printed grey.</summary>
public static class PageStyle
{
    public const string Css = """
        :root{color-scheme:light dark;--ink:#1b1f24;--soft:#5b6470;--line:#d8dde3;--back:#fff;--card:#f5f7f9;--mark:#0b6e99;--alarm:#9a2a1c;--alarm-back:#fdf0ee}
        @media (prefers-color-scheme:dark){:root{--ink:#e8eaed;--soft:#a3abb5;--line:#3a4048;--back:#16191d;--card:#20252b;--mark:#6cc5ec;--alarm:#ffb4a6;--alarm-back:#3a1f1a}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--back);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","DejaVu Sans",sans-serif}
        main{max-width:62rem;margin:0 auto;padding:1.5rem 1rem 3rem}
        h1{margin:0;font-size:2rem;line-height:1.2}h2{margin:2.2rem 0 .5rem;font-size:1.3rem}h2,h2+p,dt{break-after:avoid}.together{break-inside:avoid}
        p{margin:.5rem 0}.over,.dates,.foot{color:var(--soft);margin:.2rem 0}.foot{margin-top:1.5rem;font-size:.85rem;overflow-wrap:anywhere}
        .headline{font-size:1.25rem;font-weight:600;margin:1rem 0}
        .alarm{border-left:4px solid var(--alarm);background:var(--alarm-back);color:var(--alarm);padding:.6rem .9rem;border-radius:.2rem}
        .cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(10.5rem,1fr));gap:.75rem;margin:1.2rem 0}
        .card{background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:.8rem 1rem}
        .card .name,.card .remark{color:var(--soft);font-size:.85rem;line-height:1.35}.card .figure{font-size:1.45rem;font-weight:650;line-height:1.3;margin:.15rem 0;overflow-wrap:anywhere}
        .scroll{overflow-x:auto;margin:.8rem 0}
        table{border-collapse:collapse;width:100%;font-size:.92rem}
        th,td{padding:.5rem .6rem;border-bottom:1px solid var(--line);text-align:right;vertical-align:top;font-variant-numeric:tabular-nums;white-space:nowrap}
        th[scope=row],thead th:first-child{text-align:left}th[scope=row]{font-weight:600;white-space:normal;min-width:11rem}
        thead th{color:var(--soft);font-weight:500;font-size:.85rem;white-space:normal;vertical-align:bottom}
        small{display:block;color:var(--soft);font-weight:400;font-size:.8rem;line-height:1.35}
        .sure{font-weight:650}.none{color:var(--soft);text-align:left;white-space:normal;min-width:12rem}
        .bar{width:25%;min-width:4rem}.bar span{display:block;height:.8rem;margin-top:.35rem;background:var(--mark);border-radius:.15rem;min-width:1px}
        .chart{margin:1rem 0}.chart figcaption{color:var(--soft);font-size:.9rem;margin-bottom:.3rem}
        .chart .row{display:grid;grid-template-columns:14rem 1fr 7rem;gap:.8rem;align-items:center}
        .chart .label{line-height:1.25;padding:.2rem 0}.chart svg{width:100%;height:2rem;display:block;overflow:visible}.chart .value{text-align:right;font-variant-numeric:tabular-nums}
        .chart line{vector-effect:non-scaling-stroke}.zero{stroke:var(--soft);stroke-width:1;stroke-dasharray:3 3}.whisker{stroke:var(--mark);stroke-width:2}
        .dot{stroke:var(--mark);stroke-width:13;stroke-linecap:round}.hole{stroke:var(--back);stroke-width:8;stroke-linecap:round}
        .ticks{position:relative;height:1.3rem;border-top:1px solid var(--line);font-size:.8rem;color:var(--soft)}.ticks span{position:absolute;transform:translateX(-50%);white-space:nowrap}
        .legend{color:var(--soft);font-size:.85rem;margin-top:.4rem}.mark{color:var(--mark)}
        .curves{display:grid;grid-template-columns:repeat(auto-fit,minmax(19rem,1fr));gap:1rem 2rem}.curve{margin:.6rem 0;padding-right:1.4rem;break-inside:avoid}.curve figcaption{font-size:.9rem;min-height:4.2em;display:flex;align-items:end;margin-bottom:.5rem}
        .curve .plot{display:grid;grid-template-columns:5.5rem 1fr;gap:.5rem}.curve svg{width:100%;height:11rem;display:block;overflow:visible;border-left:1px solid var(--line);border-bottom:1px solid var(--line)}
        .side{position:relative;font-size:.8rem;color:var(--soft)}.side span{position:absolute;right:0;transform:translateY(-50%);white-space:nowrap;font-variant-numeric:tabular-nums}
        .across{position:relative;margin:.2rem 0 0 6rem;height:1.3rem;font-size:.8rem;color:var(--soft)}.across span{position:absolute;transform:translateX(-50%);white-space:nowrap}.curve .legend{margin-left:6rem}
        .curve polyline,.curve line{fill:none;vector-effect:non-scaling-stroke}.axis{stroke:var(--line);stroke-width:1}.bound{stroke:var(--soft);stroke-width:1}.middle{stroke:var(--mark);stroke-width:2.5}
        summary{cursor:pointer;color:var(--soft)}
        a{color:inherit;text-decoration-color:var(--line);text-underline-offset:.2em}.definitions dt{font-weight:600;margin-top:.6rem}.definitions dd{margin:0;color:var(--soft)}
        .notes{padding-left:1.2rem}.notes li{margin:.4rem 0}
        @media (max-width:640px){.chart .row{grid-template-columns:1fr auto;gap:0 .8rem}.chart svg,.chart .ticks{grid-column:1/-1;grid-row:2;margin:0 1rem;width:calc(100% - 2rem)}.chart .scale .label,.chart .scale .value{display:none}h1{font-size:1.6rem}
        thead{display:none}tr{display:grid;grid-template-columns:1fr 1fr;padding:.5rem 0;border-bottom:1px solid var(--line)}th,td{border:0;padding:.15rem .4rem;text-align:left;white-space:normal}th[scope=row],.none,.bar{grid-column:1/-1;width:auto}td[data-label]::before{content:attr(data-label);display:block;color:var(--soft);font-size:.8rem}}
        @media print{:root{--ink:#000;--soft:#444;--line:#999;--back:#fff;--card:#fff;--mark:#000;--alarm:#000;--alarm-back:#fff}body{font-size:11pt}main{max-width:none;padding:0}.card,figure,tr{break-inside:avoid}.scroll{overflow:visible}}
        """;
}
