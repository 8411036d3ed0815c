"""The settings for two kinds of hub: every name in them is one that somebody reads.

The Helm chart's schema is no package that a test could install.  What it says of the settings that
are used here is written down below; Helm checks the rest when a hub is set up.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import Any

import jsonschema
import pytest
import yaml
from traitlets.config import PyFileConfigLoader

from benchmarks.classroom.serving import SETTINGS
from labkit.base.places import PROJECT
from tests.benchmarks.tools import jupyterhub

HUB = PROJECT / "instructors" / "hub"
README = (HUB / "README.md").read_text(encoding="utf-8")
VALUES = yaml.safe_load((HUB / "z2jh" / "values.yaml").read_text(encoding="utf-8"))
CONFIG = yaml.safe_load((HUB / "tljh" / "config.yaml").read_text(encoding="utf-8"))
JOURNAL = "~/.lab/journal.json"


def settings() -> Any:
    """What the file for The Littlest JupyterHub gives a hub."""
    return PyFileConfigLoader(SETTINGS.name, str(SETTINGS.parent)).load_config()


# ---- The Littlest JupyterHub --------------------------------------------------------------------

ASK = """
import json, sys
from jupyterhub.app import JupyterHub
from jupyterhub.spawner import Spawner
from jupyter_server.services.kernels.kernelmanager import MappingKernelManager
known = {c.__name__: sorted(c.class_traits(config=True)) for c in
         (JupyterHub, Spawner, MappingKernelManager)}
json.dump(known, sys.stdout)
"""


@pytest.fixture(scope="module")
def known() -> dict[str, list[str]]:
    """Class of JupyterHub and of a learner's server -> what can be set."""
    asked = subprocess.run(
        [jupyterhub(), "-c", ASK], capture_output=True, text=True, check=True, cwd=PROJECT / "docs"
    )
    return json.loads(asked.stdout)


def test_every_setting_is_one_that_jupyterhub_has(known):
    for section, values in settings().items():
        assert not values.keys() - set(known[section]), section


def test_every_word_for_a_learner_s_server_is_one_that_it_knows(known):
    """Both hubs end idle kernels by the same words."""
    added = list(settings().Spawner.args.get_value([]))
    assert added == VALUES["singleuser"]["cmd"][1:]
    for word in added:
        name, trait = re.fullmatch(r"--(\w+)\.(\w+)=\w+", word).groups()
        assert trait in known[name], word


def test_what_was_set_before_stays():
    """The hub's own variables and words must not go when the lab's are added."""
    spawner = settings().Spawner
    assert spawner.environment.get_value({"A": "1"}) == {"A": "1", "LABKIT_JOURNAL": JOURNAL}
    assert spawner.args.get_value(["--debug"])[0] == "--debug"


def test_the_names_of_the_littlest_hub_s_own_file():
    """As tljh.jupyter.org writes them (docs/topic/tljh-config.md and idle-culler.md, 2026)."""
    cull = {"enabled", "timeout", "every", "concurrency", "users", "max_age"}
    names = {
        "limits": {"memory", "cpu"},
        "user_environment": {"default_app"},
        "services": {"cull"},
    }
    assert {section: CONFIG[section].keys() - names[section] for section in CONFIG} == {
        section: set() for section in CONFIG
    }
    assert not CONFIG["services"]["cull"].keys() - (cull | {"remove_named_servers"})


def test_the_commands_of_the_page_set_what_the_file_says():
    said = dict(re.findall(r"tljh-config set (\S+) (\S+)", README))
    flat = {
        "limits.memory": CONFIG["limits"]["memory"],
        "user_environment.default_app": CONFIG["user_environment"]["default_app"],
        "services.cull.timeout": str(CONFIG["services"]["cull"]["timeout"]),
        "services.cull.every": str(CONFIG["services"]["cull"]["every"]),
    }
    assert said == flat


def test_both_hubs_say_the_same():
    assert VALUES["singleuser"]["memory"]["limit"] == CONFIG["limits"]["memory"]
    assert VALUES["cull"]["timeout"] == CONFIG["services"]["cull"]["timeout"]
    assert VALUES["cull"]["every"] == CONFIG["services"]["cull"]["every"]
    assert VALUES["singleuser"]["extraEnv"] == {"LABKIT_JOURNAL": JOURNAL}
    assert VALUES["singleuser"]["defaultUrl"] == settings().Spawner.default_url


def test_a_journal_at_home_is_looked_for_at_home(monkeypatch, tmp_path):
    from labkit.learning import journal

    monkeypatch.setenv("LABKIT_JOURNAL", JOURNAL)
    monkeypatch.setenv("HOME", str(tmp_path))
    if sys.platform == "win32":
        monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert journal.place() == tmp_path / ".lab" / "journal.json"


# ---- Zero to JupyterHub -------------------------------------------------------------------------


def only(**properties: Any) -> dict[str, Any]:
    """A section that has these settings and no others."""
    return {"type": "object", "additionalProperties": False, "properties": properties}


TEXT, FLAG, WHOLE = {"type": ["string", "null"]}, {"type": "boolean"}, {"type": ["integer", "null"]}
AMOUNT = {"type": ["number", "string", "null"]}
SWITCH = only(enabled=FLAG)
# Names and types in jupyterhub/values.schema.yaml of jupyterhub/zero-to-jupyterhub-k8s at commit
# 02dd73df01bd; only the settings that are used.
CHART = only(
    hub=only(config={"type": "object"}, concurrentSpawnLimit=WHOLE),
    singleuser=only(
        image=only(name={"type": "string"}, tag={"type": "string"}),
        defaultUrl=TEXT,
        startTimeout=WHOLE,
        memory=only(guarantee=AMOUNT, limit=AMOUNT),
        cpu=only(
            guarantee={"type": ["number", "null"]},
            limit={"type": ["number", "null"]},
        ),
        cmd={"type": ["array", "string", "null"]},
        extraEnv={"type": ["object", "array"]},
        storage={
            **only(
                type={"enum": ["dynamic", "static", "none"]},
                capacity=TEXT,
                homeMountPath={"type": "string"},
            ),
            "required": ["type", "homeMountPath"],
        },
    ),
    cull=only(enabled=FLAG, timeout=WHOLE, every=WHOLE),
    prePuller=only(hook=SWITCH, continuous=SWITCH),
    scheduling=only(userScheduler=SWITCH),
)


def test_the_values_fit_the_chart():
    jsonschema.Draft7Validator.check_schema(CHART)
    jsonschema.validate(VALUES, CHART)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("singleuser", "memory", "guarante"), "1G"),
        (("singleuser", "cmd"), 1),
        (("cull", "timeout"), "2 hours"),
        (("prePuller", "hooks"), {"enabled": True}),
    ],
)
def test_a_name_or_a_type_that_the_chart_does_not_have_is_refused(path, value):
    changed = json.loads(json.dumps(VALUES))
    place = changed
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = value
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(changed, CHART)


def test_the_image_keeps_the_lab_where_no_volume_hides_it_and_has_nbgitpuller(tmp_path):
    """The options of the page, and what repo2docker would do with them, without building."""
    lines = README[README.index("jupyter-repo2docker --no-run") :].split("\ndocker push")[0]
    words = re.findall(r'"[^"]*"|\S+', lines.replace("\\\n", " "))
    home = VALUES["singleuser"]["storage"]["homeMountPath"]
    folder = words[words.index("--target-repo-dir") + 1]
    assert not folder.startswith(home)
    appended = words[words.index("--appendix") + 1].strip('"')
    options = [word.strip('"') for word in words[2:-3]]  # all but the program, the image, the place
    (tmp_path / "environment.yml").write_bytes((PROJECT / "environment.yml").read_bytes())
    (tmp_path / "requirements.lock").write_text("")
    plan = subprocess.run(
        [jupyterhub(), "-m", "repo2docker", "--no-build", "--debug", *options, str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
        env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path)},
    )
    after = plan.stdout.split("src/ ${REPO_DIR}/")[1]  # what happens once the lab is in its folder
    assert "ARG REPO_DIR=" in plan.stdout and appended in after
    version = re.search(r"^nbgitpuller==(\S+)", lock("requirements-tools.lock"), re.MULTILINE)[1]
    assert appended.endswith(f"nbgitpuller=={version}")


def lock(name: str) -> str:
    return (PROJECT / name).read_text(encoding="utf-8")


def test_the_page_installs_the_jupyterhub_that_was_measured():
    for package in ("jupyterhub", "nbgitpuller"):
        pinned = re.search(rf"^{package}==(\S+)", lock("requirements-tools.lock"), re.MULTILINE)[1]
        assert set(re.findall(rf"{package}==([\d.]+)", README)) == {pinned}
