// Before the first paint, so that nothing flashes: the theme that was chosen here, else that of the system.
(() => {
  const chosen = localStorage.getItem('worksynapse.theme');
  const isDark =
    chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.classList.toggle('dark', isDark);
})();
