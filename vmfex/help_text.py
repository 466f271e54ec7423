"""What `vmfex --help` prints (a test in tests/vmfex/commands says how it is made anew)."""

HELP = """\
Usage: vmfex [OPTIONS] COMMAND [ARGS]...

  Certify KVM hosts for Cisco VM-FEX, by the rules of the configuration guide.

  Nothing is ever written to a host: it is only read.

Options:
  --version   Show the versions of the program and of its rule set.
  -h, --help  Show this message and exit.

Commands:
  certify         Judge each HOST by the rules, and say whether VM-FEX may...
  rules           List the rules: id, severity, area, statement.
  explain         Explain what a rule requires, and why.
  steps           List the steps that rules are written in.
  report          Make a report from a record.
  compare         Compare two certifications: what got worse?
  capacity        Show how many more VM interfaces each HOST has room for.
  bundle          Put a run into one archive, signed.
  verify          Say what of a bundle holds, and what was touched.
  record          Write the raw evidence of HOST to DIR.
  capture-script  Print the script that captures a host's evidence.
  hosts           List the recorded hosts that come with the program: what...
  schema          Write the JSON Schema of record, plan, ...
  lint            Judge libvirt's XML before it is defined.
  install-html    Install what `certify --html` runs.

  Examples:
    vmfex certify                      certify this machine
    vmfex certify ssh://root@blade-7   certify a host over SSH
    vmfex certify reference            certify an embedded recorded host
    vmfex explain VIC-02               what a rule requires, and why
    vmfex report junit certification   JUnit XML of the last run

  Completion, for the shell that you use:
    eval "$(_VMFEX_COMPLETE=bash_source vmfex)"
    eval "$(_VMFEX_COMPLETE=zsh_source vmfex)"
    _VMFEX_COMPLETE=fish_source vmfex | source
"""
