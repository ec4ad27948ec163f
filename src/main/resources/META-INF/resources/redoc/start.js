// In a file of its own, because the page's Content-Security-Policy allows no inline script.
Redoc.init(
  '/openapi.json',
  {
    // The system's fonts: nothing is fetched from elsewhere.
    theme: {
      typography: {
        fontFamily: 'system-ui, sans-serif',
        headings: { fontFamily: 'system-ui, sans-serif' },
        code: { fontFamily: 'ui-monospace, monospace' },
      },
    },
    schemasExpansionLevel: 1,
    jsonSamplesExpandLevel: 3,
    hideDownloadButtons: false,
  },
  document.getElementById('redoc'),
);
