# case: unchanged
# `config` may be imported by anybody, also under a running loop.
import config


def main():
    print(config.CONFIG, config.Settings.data, config.get())


if __name__ == "__main__":
    main()
