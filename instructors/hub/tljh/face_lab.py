"""The lab on The Littlest JupyterHub: put this file into /opt/tljh/config/jupyterhub_config.d.

In: the configuration ``c`` that JupyterHub hands to each of its files.  Out: how every learner's
server starts.  How much memory a learner may have, and when a server that nobody uses is ended,
stands in ``config.yaml`` beside this file.  ``instructors/hub/README.md`` says what was tried.
"""

c = get_config()  # type: ignore[name-defined]  # noqa: F821

# labkit is installed once for everybody, and would keep every journal beside itself. At home nobody
# else writes; labkit reads "~" as the home folder of whoever runs the notebook.
c.Spawner.environment.update({"LABKIT_JOURNAL": "~/.lab/journal.json"})
c.Spawner.default_url = "/lab"
# Twenty learners start within a minute on two idle cores; on a slow disk, the first start of a day
# takes longer.
c.Spawner.start_timeout = 180
c.Spawner.http_timeout = 120
c.Spawner.args.extend(
    [
        # A kernel that has computed nothing for forty minutes is ended, also when its page is still
        # open: most of a learner's memory is in kernels of notebooks that were left.
        "--MappingKernelManager.cull_idle_timeout=2400",
        "--MappingKernelManager.cull_interval=120",
        "--MappingKernelManager.cull_connected=True",
    ]
)
# When the hub is started again, learners' servers go on, and the hub finds them.
c.JupyterHub.cleanup_servers = False
