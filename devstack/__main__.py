"""`python -m devstack` is `crm-metrics`."""

from devstack.cli import main

if __name__ == "__main__":
    main()
